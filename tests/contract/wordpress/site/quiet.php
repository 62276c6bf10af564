<?php
/**
 * Plugin Name: Quiet
 * Description: Puts mail into a file and asks nobody for updates while tests run.
 */
add_filter(
	'pre_wp_mail',
	function ( $done, $mail ) {
		if ( get_option( 'test_mail_is_down' ) ) {
			return false;
		}
		file_put_contents( getenv( 'SITE_ROOT' ) . '/mail.jsonl', json_encode( $mail ) . "\n", FILE_APPEND | LOCK_EX );
		return true;
	},
	10,
	2
);
add_filter( 'pre_site_transient_update_core', fn() => (object) array( 'updates' => array(), 'last_checked' => time(), 'version_checked' => get_bloginfo( 'version' ) ) );
add_filter( 'pre_site_transient_update_plugins', fn() => (object) array( 'last_checked' => time() ) );
add_filter( 'pre_site_transient_update_themes', fn() => (object) array( 'last_checked' => time() ) );
// Several comments in one test come faster than a person types.
add_filter( 'wp_is_comment_flood', '__return_false', 999 );

// An article of a kind of its own, as sections and reviews often are.
add_action( 'init', fn() => register_post_type( 'review', array( 'public' => true, 'show_in_rest' => true, 'rest_base' => 'reviews', 'label' => 'Reviews', 'capability_type' => 'post', 'map_meta_cap' => true, 'supports' => array( 'title', 'editor', 'comments' ) ) ) );
