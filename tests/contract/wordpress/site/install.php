<?php
// Installs the site and its people; prints the desk's application password.
define( 'WP_INSTALLING', true );
define( 'ABSPATH', getenv( 'SITE_ROOT' ) . '/' );
$_SERVER['HTTP_HOST'] = '127.0.0.1';
function wp_new_blog_notification() {}
require ABSPATH . 'wp-config.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
wp_install( 'The Colne Courier', 'boss', 'boss@courier.example', true, '', 'boss-password' );
foreach ( array( 'desk' => 'editor', 'reporter' => 'author', 'salty_dog' => 'subscriber', 'mersea_may' => 'subscriber' ) as $name => $role ) {
	wp_insert_user( array( 'user_login' => $name, 'user_pass' => "$name-password", 'user_email' => "$name@courier.example", 'role' => $role ) );
}
foreach ( array( 'comment_moderation' => 0, 'comment_previously_approved' => 0, 'permalink_structure' => getenv( 'SITE_PERMALINKS' ), 'blogdescription' => 'News from the estuary', 'timezone_string' => 'Europe/London', 'show_avatars' => 0 ) as $option => $value ) {
	update_option( $option, $value );
}
switch_theme( getenv( 'SITE_THEME' ) );
activate_plugin( 'comment-desk/comment-desk.php' );
flush_rewrite_rules();
$desk = get_user_by( 'login', 'desk' )->ID;
list( $password ) = WP_Application_Passwords::create_new_application_password( $desk, array( 'name' => 'Comment Desk' ) );
echo json_encode( array( 'password' => $password ) );
