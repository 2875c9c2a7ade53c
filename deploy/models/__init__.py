"""Models that are trained here and shipped as plain numbers; the services never import what trains them."""
