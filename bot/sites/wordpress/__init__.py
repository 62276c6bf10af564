"""WordPress: driven over its REST API, and the plugin that gives it reports and bans."""
