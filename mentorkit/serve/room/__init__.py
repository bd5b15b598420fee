"""Orientation day: a whole room at once, each student with a kernel and a locker of their own."""
