<?php
// The configuration of a WordPress that lives for one run of the tests.
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'wordpress' );
define( 'DB_PASSWORD', getenv( 'SITE_DB_PASSWORD' ) );
define( 'DB_HOST', 'localhost:' . getenv( 'SITE_DB_SOCKET' ) );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'WP_HOME', getenv( 'SITE_URL' ) );
define( 'WP_SITEURL', getenv( 'SITE_URL' ) );
// Lets application passwords be used over http, which loopback needs.
define( 'WP_ENVIRONMENT_TYPE', 'local' );
define( 'WP_CONTENT_DIR', getenv( 'SITE_ROOT' ) . '/wp-content' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'DISABLE_WP_CRON', true );
define( 'EMPTY_TRASH_DAYS', is_file( getenv( 'SITE_ROOT' ) . '/no-trash' ) ? 0 : 30 );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', getenv( 'SITE_ROOT' ) . '/debug.log' );
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $name ) {
	define( $name . '_KEY', md5( $name . getenv( 'SITE_DB_PASSWORD' ) ) );
	define( $name . '_SALT', md5( 'salt' . $name . getenv( 'SITE_DB_PASSWORD' ) ) );
}
$table_prefix = 'wp_';
defined( 'ABSPATH' ) || define( 'ABSPATH', getenv( 'SITE_ROOT' ) . '/' );
require_once ABSPATH . 'wp-settings.php';
