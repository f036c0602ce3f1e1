"""A Slack workspace on this machine: a real server with Web API and Socket Mode that refuses what Slack would."""
