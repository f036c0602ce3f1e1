"""Where replies are published: one file a site, one interface (responder.channels.channel)."""
