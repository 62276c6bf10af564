"""Authors: what is known of them, their bans, and who may be back in spite of one."""
