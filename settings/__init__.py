"""The settings: how the environment is read, its types and defaults, and checks of what it states."""
