"""A visitor without a browser for each framework: opens the page, connects, answers and waits for the acknowledgement.

Each module has `come(address)`, which gives a visitor whose page is drawn, with `answer(number)` and `leave()`. What
the apps of the comparison acknowledge with begins with `wire.SAVED`, so it is looked for in what arrives.
"""
