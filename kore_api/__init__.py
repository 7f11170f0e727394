"""A client for the Kore.ai campaign API: read campaigns and contact lists, delete one SMS campaign."""
