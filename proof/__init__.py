"""Code that nobody here wrote agrees with the bot and with its sandbox: ``make proof``."""
