<?php
// Serves a WordPress with pretty permalinks; for php -S only.
$root = getenv( 'SITE_ROOT' ) . '/';
$path = rawurldecode( parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
$file = $root . ltrim( $path, '/' );
if ( false !== strpos( $path, '..' ) ) {
	http_response_code( 400 );
	exit;
}
if ( '/hand-of-the-test' === $path && hash_equals( getenv( 'SITE_DB_PASSWORD' ), $_SERVER['HTTP_X_HAND'] ?? '' ) ) {
	// Runs the PHP that the test sends inside the site.
	require $root . 'wp-load.php';
	require_once $root . 'wp-admin/includes/plugin.php';
	$sent  = json_decode( file_get_contents( 'php://input' ), true );
	$given = $sent['given'];
	echo json_encode( eval( $sent['code'] ) );
	exit;
}
if ( '/' === $path && ! in_array( $_SERVER['REQUEST_METHOD'], array( 'GET', 'HEAD', 'POST' ), true ) ) {
	// As nginx does with the settings that are usual for WordPress.
	http_response_code( 405 );
	exit;
}
if ( is_dir( $file ) && is_file( rtrim( $file, '/' ) . '/index.php' ) && '/' !== $path ) {
	$file = rtrim( $file, '/' ) . '/index.php';
}
if ( is_file( $file ) && '.php' !== substr( $file, -4 ) ) {
	return false;
}
if ( ! is_file( $file ) ) {
	$file = $root . 'index.php';
}
$_SERVER['SCRIPT_NAME']     = substr( $file, strlen( $root ) - 1 );
$_SERVER['PHP_SELF']        = $_SERVER['SCRIPT_NAME'];
$_SERVER['SCRIPT_FILENAME'] = $file;
chdir( dirname( $file ) );
require $file;
