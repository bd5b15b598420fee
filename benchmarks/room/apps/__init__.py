"""The same worksheet in each framework: a file each, as a user of that framework would write it."""
