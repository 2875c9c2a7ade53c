"""The ways into intake: lenders' and staff's HTTP, the services' vault interface, the subscriptions."""
