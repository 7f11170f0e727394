"""Third-party code checks the bot and its sandbox: ``make proof``."""
