<?php
/**
 * Plugin Name:       Comment Desk
 * Description:       Lets readers report a comment under the house rules, sends the reports to the newsroom's Comment Desk, and keeps out whom its moderators banned.
 * Version:           1.5.0
 * Requires at least: 5.9
 * Requires PHP:      7.4
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/old-licenses/gpl-2.0.html
 * Text Domain:       comment-desk
 *
 * This program is free software; you can redistribute it and/or modify it under the terms of the
 * GNU General Public License as published by the Free Software Foundation; either version 2 of the
 * License, or (at your option) any later version. It comes without any warranty.
 *
 * Install: copy this one file to wp-content/plugins (or wp-content/mu-plugins), activate it, and
 * fill in Settings > Comment Desk.
 *
 * @package CommentDesk
 */

namespace CommentDesk;

use WP_Comment;
use WP_Error;
use WP_REST_Request;
use WP_REST_Response;

defined( 'ABSPATH' ) || exit;

const VERSION      = '1.5.0';
const TABLE_LAYOUT = 1;
const OPTION       = 'comment_desk';
const BAN_PREFIX   = 'comment_desk_ban_';
const ON_HOLD      = '_comment_desk_on_hold';
const TRIAL        = '_comment_desk_trial';
const STATEMENT    = '_comment_desk_statement';
const UNTOLD       = '_comment_desk_untold';
const HOOK_SEND    = 'comment_desk_send';
const HOOK_RETRY   = 'comment_desk_retry';
const HOOK_TIDY    = 'comment_desk_tidy';

/**
 * Seconds before each further attempt at a report that the desk has trouble with and takes others;
 * after the last one it only waits to be asked for.
 */
const WAITS = array( 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400 );

/** Reports that one reader may send in ten minutes. */
const MOST_REPORTS = 20;

/** Days for which a report that was sent is kept, to know it again. */
const KEPT_DAYS = 30;

/** How often a mail to an author is tried, once in five minutes. */
const MOST_MAILS = 10;

/** Bytes of a ticket's content: what is signed is a third longer, and the desk takes 64 KiB. */
const TICKET_BYTES = 45000;

// ---------------------------------------------------------------- settings

/** Returns the settings, with what is not set filled in. */
function settings(): array {
	$saved = get_option( OPTION, array() );
	return array_merge(
		array(
			'url'         => '',
			'site'        => '',
			'secrets'     => '',
			'who'         => 'everyone',
			'link'        => 1,
			'mail'        => 1,
			'zeno_reason' => '',
			'rules'       => default_rules(),
		),
		is_array( $saved ) ? $saved : array()
	);
}

/** Returns the rules that are asked about until the desk has sent its own. */
function default_rules(): string {
	return implode(
		"\n",
		array(
			'1 | threats | Threats | Threatens somebody or calls for violence.',
			'2 | private | Private details | Gives away where somebody lives, works or can be found.',
			'3 | harassment | Harassment | Goes after a person rather than what they said.',
			'4 | hate | Hate | Attacks people for who they are.',
			'5 | abuse | Abusive language | Swearing, insults, shouting.',
		)
	);
}

/** Returns the house rules of a text that has one a line: number | code | name | text. */
function parse_rules( string $text ): array {
	$rules = array();
	foreach ( preg_split( '/\R/', $text ) as $line ) {
		$parts = array_map( 'trim', explode( '|', $line, 4 ) );
		if ( count( $parts ) >= 3 && ctype_digit( $parts[0] ) && preg_match( '/^[a-z0-9-]{2,32}$/', $parts[1] ) ) {
			$rules[ $parts[1] ] = array(
				'number' => (int) $parts[0],
				'code'   => $parts[1],
				'name'   => $parts[2],
				'text'   => $parts[3] ?? '',
			);
		}
	}
	return $rules;
}

/**
 * Returns the house rules by their code: the desk's, or those of the settings until it has sent any.
 *
 * They are kept apart, so that the desk and an admin who save at once do not undo each other.
 */
function rules(): array {
	$sent = sent_rules();
	return parse_rules( $sent ? $sent['text'] : settings()['rules'] );
}

/** Returns the rules that the desk sent, with its own mark of them; null if it has sent none. */
function sent_rules(): ?array {
	$sent = get_option( 'comment_desk_rules' );
	return is_array( $sent ) ? $sent : null;
}

/**
 * Returns where the desk's own pages for readers are, as the desk said with its rules; empty if
 * there are none. Without them, the plugin's own form is what readers report with.
 */
function readers_url(): string {
	$url = sent_rules()['readers'] ?? '';
	return is_string( $url ) ? $url : '';
}

/** Returns the keys that reports are signed with: one a line in the settings, `whsec_` and base64. */
function signing_keys(): array {
	$keys = array();
	foreach ( preg_split( '/\s+/', trim( settings()['secrets'] ) ) as $secret ) {
		$key = base64_decode( preg_replace( '/^whsec_/', '', $secret ), true );
		if ( is_string( $key ) && strlen( $key ) >= 24 ) {
			$keys[] = $key;
		}
	}
	return $keys;
}

/** Whether reports can be sent at all. */
function is_set_up(): bool {
	$settings = settings();
	return '' !== $settings['url'] && '' !== $settings['site'] && array() !== signing_keys();
}

/** Returns a random value of this installation, which stays when WordPress' own keys are changed. */
function salt(): string {
	$salt = get_option( 'comment_desk_salt' );
	if ( ! is_string( $salt ) || '' === $salt ) {
		// add_option keeps the first value where two requests come at once.
		add_option( 'comment_desk_salt', bin2hex( random_bytes( 32 ) ), '', 'no' );
		$salt = (string) get_option( 'comment_desk_salt' );
	}
	return $salt;
}

/** Returns a short name that stands for a value and does not give it away. */
function masked( string $value ): string {
	return substr( hash_hmac( 'sha256', $value, salt() ), 0, 24 );
}

// ---------------------------------------------------------------- the queue's table

/** Returns the name of the table of reports. */
function table(): string {
	global $wpdb;
	return $wpdb->prefix . 'comment_desk_reports';
}

/** Makes the table and the timers; also where the plugin was only copied, not activated. */
function set_up(): void {
	global $wpdb;
	if ( (int) get_option( 'comment_desk_layout' ) !== TABLE_LAYOUT ) {
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta(
			'CREATE TABLE ' . table() . " (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			webhook_id varchar(64) NOT NULL,
			comment_id bigint(20) unsigned NOT NULL,
			revision varchar(32) NOT NULL,
			body longtext NOT NULL,
			created int(10) unsigned NOT NULL,
			due int(10) unsigned NOT NULL,
			attempts smallint(5) unsigned NOT NULL DEFAULT 0,
			state varchar(10) NOT NULL DEFAULT 'waiting',
			trouble varchar(200) NOT NULL DEFAULT '',
			PRIMARY KEY  (id),
			UNIQUE KEY webhook_id (webhook_id),
			KEY waiting (state,due),
			KEY comment_id (comment_id)
			) " . $wpdb->get_charset_collate() . ';'
		);
		update_option( 'comment_desk_layout', TABLE_LAYOUT, true );
	}
	if ( ! wp_next_scheduled( HOOK_SEND ) ) {
		wp_schedule_event( time() + 60, 'comment_desk_often', HOOK_SEND );
	}
	if ( ! wp_next_scheduled( HOOK_TIDY ) ) {
		wp_schedule_event( time() + 3600, 'daily', HOOK_TIDY );
	}
}
add_action( 'init', __NAMESPACE__ . '\set_up' );

add_filter(
	'cron_schedules',
	function ( $schedules ) {
		$schedules['comment_desk_often'] = array(
			'interval' => 300,
			'display'  => 'Every five minutes',
		);
		return $schedules;
	}
);

/** Stops the timers; reports and bans stay. */
function pause(): void {
	wp_clear_scheduled_hook( HOOK_SEND );
	wp_clear_scheduled_hook( HOOK_RETRY );
	wp_clear_scheduled_hook( HOOK_TIDY );
}
register_deactivation_hook( __FILE__, __NAMESPACE__ . '\pause' );

/** Removes everything that the plugin ever wrote. */
function uninstall(): void {
	global $wpdb;
	pause();
	$wpdb->query( 'DROP TABLE IF EXISTS ' . table() );
	$like = $wpdb->esc_like( 'comment_desk' ) . '%';
	foreach ( $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s", $like ) ) as $name ) {
		delete_option( $name );
	}
	foreach ( array( ON_HOLD, STATEMENT, UNTOLD ) as $key ) {
		delete_metadata( 'comment', 0, $key, '', true );
	}
	forget_trials( 0 );
}
register_uninstall_hook( __FILE__, __NAMESPACE__ . '\uninstall' );

// ---------------------------------------------------------------- people

/**
 * Returns what the desk calls the author of a comment; an e-mail address never leaves the site.
 *
 * Where neither e-mail nor network address is kept, nothing tells one from another of the same name:
 * each such comment then has an author of its own, who cannot be banned.
 */
function author_key( WP_Comment $comment ): string {
	if ( (int) $comment->user_id > 0 ) {
		return 'user-' . (int) $comment->user_id;
	}
	$email = strtolower( trim( $comment->comment_author_email ) );
	if ( '' !== $email ) {
		return guest_key( $email );
	}
	return is_telling( $comment->comment_author_IP )
		? name_key( $comment->comment_author, $comment->comment_author_IP )
		: 'comment-' . (int) $comment->comment_ID;
}

/** Returns what the desk calls somebody without an e-mail address. */
function name_key( string $name, string $address ): string {
	return 'name-' . masked( strtolower( trim( $name ) ) . '|' . $address );
}

/** Whether a network address tells people apart; what was blanked, or is the machine's own, does not. */
function is_telling( string $address ): bool {
	$address = strtolower( trim( $address ) );
	$own     = 0 === strpos( $address, '127.' ) || '::1' === $address;
	return preg_match( '/^(?:[0-9]{1,3}\.[0-9]{1,3}\.|[0-9a-f]{0,4}:)/', $address )
		&& '' !== trim( $address, '0.:x*' )
		&& '255.255.255.255' !== $address
		// Where the site is tried on somebody's own machine, all that come have that.
		&& ( ! $own || 'local' === wp_get_environment_type() );
}

/** Returns what the desk calls somebody who comments without an account. */
function guest_key( string $email ): string {
	return 'guest-' . masked( strtolower( trim( $email ) ) );
}

/** Whether an account is the newsroom's own: those are not reported, hidden or banned. */
function is_staff( int $user_id ): bool {
	$staff = $user_id > 0 && ( user_can( $user_id, 'moderate_comments' ) || user_can( $user_id, 'edit_posts' ) );
	/** Lets a site with roles of its own say who is staff. */
	return (bool) apply_filters( 'comment_desk_is_staff', $staff, $user_id );
}

/** Returns a name that is always the same for the same reader, as far as that can be known. */
function reader_key(): string {
	if ( is_user_logged_in() ) {
		return 'user-' . get_current_user_id();
	}
	$address = isset( $_SERVER['REMOTE_ADDR'] ) ? sanitize_text_field( wp_unslash( $_SERVER['REMOTE_ADDR'] ) ) : '';
	$browser = isset( $_SERVER['HTTP_USER_AGENT'] ) ? sanitize_text_field( wp_unslash( $_SERVER['HTTP_USER_AGENT'] ) ) : '';
	/** Lets a site behind a proxy say the reader's own address. */
	$address = (string) apply_filters( 'comment_desk_reader_ip', $address );
	return 'reader-' . masked( $address . '|' . $browser );
}

/**
 * Returns the host from which the reader came to the page, as the page's script put it into the
 * link or the form; empty if that is not known, no host, or the site's own.
 */
function came_from(): string {
	$given = wp_unslash( $_POST['comment_desk_from'] ?? $_GET['comment_desk_from'] ?? '' );
	$host  = is_string( $given ) ? strtolower( trim( $given ) ) : '';
	$own   = strtolower( (string) wp_parse_url( home_url(), PHP_URL_HOST ) );
	return $host !== $own && strlen( $host ) <= 253 && preg_match( '/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/', $host ) ? $host : '';
}

// ---------------------------------------------------------------- what is sent

/** Returns text cut to so many characters, in valid UTF-8. */
function cut( string $text, int $length ): string {
	return mb_substr( wp_check_invalid_utf8( $text, true ), 0, $length, 'UTF-8' );
}

/** Returns what somebody typed to the letter, with plain line ends. It is escaped where it is printed. */
function typed( string $text, int $length ): string {
	return cut( trim( str_replace( array( "\r\n", "\r" ), "\n", $text ) ), $length );
}

/** Returns what somebody typed as one line. */
function typed_line( string $text, int $length ): string {
	return (string) preg_replace( '/\s+/u', ' ', typed( $text, $length ) );
}

/** Returns a title or a name as plain text. */
function plain( string $html, int $length = 500 ): string {
	return cut( trim( html_entity_decode( wp_strip_all_tags( $html, true ), ENT_QUOTES | ENT_HTML5, 'UTF-8' ) ), $length );
}

/** Returns a time of the database, which is in UTC, as ISO 8601; null if it holds none. */
function iso( string $gmt ): ?string {
	$time = strtotime( $gmt . ' +0000' );
	return $time && $time > 0 ? gmdate( 'Y-m-d\TH:i:s\Z', $time ) : null;
}

/** Returns a name for the comment's present text; it changes when the text does. */
function revision( WP_Comment $comment ): string {
	return substr( hash( 'sha256', $comment->comment_content ), 0, 16 );
}

/** Returns the comment's text as the desk takes it: HTML, or plain text where that is too much. */
function content( WP_Comment $comment ): array {
	$html = wpautop( wp_check_invalid_utf8( $comment->comment_content, true ) );
	if ( substr_count( $html, '<' ) > 2000 || mb_strlen( $html, 'UTF-8' ) > 20000 ) {
		return array( 'text' => plain( $comment->comment_content, 19990 ) );
	}
	return array( 'html' => $html );
}

/** Returns the author as the desk takes it. */
function author( WP_Comment $comment ): array {
	$author = array(
		'id'   => author_key( $comment ),
		'name' => plain( $comment->comment_author ),
	);
	$user   = (int) $comment->user_id > 0 ? get_userdata( (int) $comment->user_id ) : false;
	$since  = $user ? iso( $user->user_registered ) : null;
	return $since ? $author + array( 'since' => $since ) : $author;
}

/** Returns the article as the desk takes it. */
function story( WP_Comment $comment ): array {
	$post  = get_post( (int) $comment->comment_post_ID );
	$story = array(
		'id'    => (string) (int) $comment->comment_post_ID,
		'title' => plain( get_the_title( $post ) ),
		'url'   => esc_url_raw( get_permalink( $post ) ),
	);
	if ( $post && iso( $post->post_date_gmt ) ) {
		$story['published'] = iso( $post->post_date_gmt );
	}
	$sections = $post ? get_the_category( $post->ID ) : array();
	if ( $sections ) {
		$story['section'] = plain( $sections[0]->name );
	}
	return $story;
}

/** Returns a comment as the desk takes it. */
function described( WP_Comment $comment ): array {
	$described = content( $comment ) + array(
		'id'        => (string) (int) $comment->comment_ID,
		'revision'  => revision( $comment ),
		'author'    => author( $comment ),
		'permalink' => esc_url_raw( get_comment_link( $comment ) ),
	);
	if ( iso( $comment->comment_date_gmt ) ) {
		$described['created'] = iso( $comment->comment_date_gmt );
	}
	$parent = (int) $comment->comment_parent > 0 ? get_comment( (int) $comment->comment_parent ) : null;
	if ( $parent && '1' === $parent->comment_approved && ! is_on_hold( $parent ) ) {
		$described['parent'] = array(
			'author' => plain( $parent->comment_author ),
			'text'   => plain( $parent->comment_content, 5000 ),
		);
	}
	return $described;
}

/** Returns a report as the bytes that are sent; the same at every attempt. */
function wire( array $report ): string {
	return (string) wp_json_encode( $report, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
}

/** Returns a report that the desk's limit of 64 KiB has room for, if need be with less text. */
function fitted( array $report, WP_Comment $comment, int $bytes = 60000 ): array {
	foreach ( array( 19990, 10000, 5000, 2000 ) as $most ) {
		if ( strlen( wire( $report ) ) <= $bytes ) {
			break;
		}
		unset( $report['comment']['html'], $report['comment']['parent'] );
		$report['comment']['text'] = plain( $comment->comment_content, $most ) . ' …';
	}
	return $report;
}

/**
 * Puts a report in the queue; false if the same reader has already reported this.
 *
 * What is sent is fixed here, so that a repeated attempt says the same to the letter.
 */
function enqueue( WP_Comment $comment, string $reason, string $reader, string $note = '', string $from = '' ): bool {
	global $wpdb;
	$report   = report_of( $comment, $reason, $reader, $note, $from );
	$revision = revision( $comment );
	$key      = 'wp-' . masked( implode( '|', array( home_url(), $comment->comment_ID, $revision, $reader, $reason ) ) );
	$now      = time();
	$added    = $wpdb->query(
		$wpdb->prepare(
			'INSERT IGNORE INTO ' . table() . ' (webhook_id, comment_id, revision, body, created, due) VALUES (%s, %d, %s, %s, %d, %d)',
			$key,
			$comment->comment_ID,
			$revision,
			// In ASCII, which a database of any character set keeps as it is.
			wp_json_encode( $report ),
			$now,
			$now
		)
	);
	return 1 === (int) $added;
}

/** Returns a report as the desk takes it. */
function report_of( WP_Comment $comment, string $reason, string $reader, string $note = '', string $from = '' ): array {
	$report = array(
		'site'     => settings()['site'],
		'comment'  => described( $comment ),
		'story'    => story( $comment ),
		'reporter' => $reader,
		'reason'   => $reason,
		'at'       => gmdate( 'Y-m-d\TH:i:s\Z' ),
	);
	if ( '' !== $note ) {
		$report['note'] = cut( $note, 500 );
	}
	if ( '' !== $from ) {
		$report['referrer'] = $from;
	}
	return fitted( $report, $comment );
}

/** Reports an edited comment anew, so that the moderators see both texts before they decide. */
function report_edit( $comment_id ): void {
	global $wpdb;
	$comment = get_comment( (int) $comment_id );
	if ( ! $comment || '1' !== $comment->comment_approved ) {
		return;
	}
	$last = $wpdb->get_row( $wpdb->prepare( 'SELECT revision, body FROM ' . table() . ' WHERE comment_id = %d ORDER BY id DESC LIMIT 1', $comment_id ) );
	$said = $last ? json_decode( $last->body, true ) : null;
	if ( $said && revision( $comment ) !== $last->revision ) {
		enqueue( $comment, $said['reason'], $said['reporter'], $said['note'] ?? '', $said['referrer'] ?? '' );
		send_soon();
	}
}
add_action( 'edit_comment', __NAMESPACE__ . '\report_edit' );

// ---------------------------------------------------------------- sending

/** Returns a body's signatures, as Standard Webhooks has them. */
function signature( string $id, int $time, string $body ): string {
	$signatures = array();
	foreach ( signing_keys() as $key ) {
		$signatures[] = 'v1,' . base64_encode( hash_hmac( 'sha256', "$id.$time.$body", $key, true ) );
	}
	return implode( ' ', $signatures );
}

/**
 * Posts a signed body to the desk. Returns the HTTP status, 0 for none, what went wrong in words,
 * how long the desk asks to be left alone, and the problem that the desk itself told of, if any.
 */
function post_signed( string $id, string $body, float $timeout ): array {
	$time   = time();
	$answer = wp_remote_post(
		rtrim( settings()['url'], '/' ) . '/v1/reports',
		array(
			'timeout'     => $timeout,
			'redirection' => 0,
			'body'        => $body,
			'headers'     => array(
				'Content-Type'      => 'application/json',
				'webhook-id'        => $id,
				'webhook-timestamp' => (string) $time,
				'webhook-signature' => signature( $id, $time, $body ),
			),
		)
	);
	if ( is_wp_error( $answer ) ) {
		return array( 0, $answer->get_error_message(), 0, array() );
	}
	$status = (int) wp_remote_retrieve_response_code( $answer );
	$said   = json_decode( wp_remote_retrieve_body( $answer ), true );
	$said   = is_array( $said ) ? $said : array();
	$words  = isset( $said['detail'] ) && is_string( $said['detail'] ) ? $said['detail'] : '';
	$pause  = (int) wp_remote_retrieve_header( $answer, 'retry-after' );
	$desks  = isset( $said['type'] ) && is_string( $said['type'] ) && 0 === strpos( $said['type'], 'urn:comment-desk:' );
	return array( $status, trim( "$status $words" ), max( 0, min( $pause, 3600 ) ), $desks ? $said : array() );
}

/** Returns a stored report as it is sent: under the name that the site has now. */
function to_send( string $stored ): array {
	return array( 'site' => settings()['site'] ) + (array) json_decode( $stored, true );
}

/** Returns the oldest report after a number that waits, null if there is none. */
function next_waiting( int $after ): ?object {
	global $wpdb;
	return $wpdb->get_row( $wpdb->prepare( 'SELECT * FROM ' . table() . " WHERE state IN ('waiting', 'alone') AND id > %d ORDER BY id LIMIT 1", $after ) );
}

/**
 * Sends what waits, in the order in which it was written. Two at once do no harm: the desk knows a
 * report by its id.
 *
 * Where one cannot be sent, the others wait with it: the desk is not there, or a person has to mend
 * something first. One that fails again and again while its neighbours pass waits alone, and only
 * what was reported of the same comment waits behind it.
 */
function send_due( int $most = 50, float $timeout = 15.0 ): void {
	global $wpdb;
	$after   = 0;
	$behind  = array();
	$suspect = null;
	while ( is_set_up() ) {
		$row = next_waiting( $after );
		if ( ! $row ) {
			return;
		}
		$after = (int) $row->id;
		if ( isset( $behind[ $row->comment_id ] ) ) {
			continue;
		}
		if ( (int) $row->due > time() ) {
			if ( 'waiting' === $row->state ) {
				return; // All wait with the oldest, or somebody else is sending it.
			}
			$behind[ $row->comment_id ] = true;
			continue;
		}
		if ( $most-- <= 0 ) {
			come_again( 0 );
			return;
		}
		// Whoever moves the time it is due has it; an attempt that dies is repeated after that.
		$mine = $wpdb->query( $wpdb->prepare( 'UPDATE ' . table() . ' SET due = %d WHERE id = %d AND state = %s AND due = %d', time() + 120, $row->id, $row->state, $row->due ) );
		if ( ! $mine ) {
			return;
		}
		$came = send_one( $row, $timeout );
		if ( 'through' === $came ) {
			if ( $suspect ) {
				let_wait_alone( $suspect );
				$suspect = null;
			}
		} elseif ( 'alone' === $row->state && 'held' !== $came ) {
			$behind[ $row->comment_id ] = true;
		} elseif ( 'failed' === $came && null === $suspect && $row->attempts >= 3 ) {
			$suspect                    = $row;
			$behind[ $row->comment_id ] = true;
		} else {
			return;
		}
	}
}
add_action( HOOK_SEND, __NAMESPACE__ . '\send_due', 10, 0 );
// A name of its own, for WordPress drops an event that comes close to another of its name.
add_action( HOOK_RETRY, __NAMESPACE__ . '\send_due', 10, 0 );

/**
 * Sends one report and notes how that ended: "through" if it is done with, "held" if a person has to
 * mend something first, "failed" if the desk had trouble with it, and "away" if no desk answered.
 */
function send_one( object $row, float $timeout ): string {
	global $wpdb;
	list( $status, $trouble, $pause, $problem ) = post_signed( $row->webhook_id, wire( to_send( $row->body ) ), $timeout );
	if ( $status >= 200 && $status < 300 ) {
		settle( $row, array( 'state' => 'sent', 'trouble' => '' ) );
		delete_option( 'comment_desk_trouble' );
		return 'through';
	}
	// Only what the desk itself says of this very report ends it; the next one may be well.
	if ( $problem && in_array( $status, array( 400, 409, 413, 415, 422 ), true ) ) {
		settle( $row, array( 'state' => 'refused', 'trouble' => cut( $trouble, 200 ) ) );
		note_trouble( $trouble, false, 0 );
		return 'through';
	}
	$mend = what_to_mend( $status, $trouble );
	$wait = max( $row->attempts > 0 ? 240 : WAITS[0], $pause );
	if ( 'alone' === $row->state ) {
		$wait = WAITS[ $row->attempts ] ?? 0;
	}
	settle(
		$row,
		array(
			'trouble' => cut( $trouble, 200 ),
			'due'     => time() + $wait,
			'state'   => $wait ? $row->state : 'given up',
		)
	);
	note_trouble( '' === $mend ? $trouble : $mend, '' !== $mend, time() );
	if ( 'alone' !== $row->state ) {
		come_again( $wait );
	}
	if ( '' !== $mend ) {
		return 'held';
	}
	return $status >= 500 ? 'failed' : 'away';
}

/** Lets WordPress' timer send in so many seconds; one earlier than that would find nothing to do. */
function come_again( int $seconds ): void {
	wp_clear_scheduled_hook( HOOK_RETRY );
	wp_schedule_single_event( time() + $seconds, HOOK_RETRY );
}

/** Notes how an attempt at a report ended. */
function settle( object $row, array $now ): void {
	global $wpdb;
	$wpdb->update( table(), $now + array( 'attempts' => $row->attempts + 1 ), array( 'id' => $row->id ) );
}

/** Lets a report wait by itself that fails again and again while its neighbours pass. */
function let_wait_alone( object $row ): void {
	settle( $row, array( 'state' => 'alone', 'due' => time() + ( WAITS[ $row->attempts ] ?? 0 ) ) );
}

/**
 * Notes what went wrong last, and whether everything waits until a person has mended it. `at` is when
 * the desk took none, 0 where it may take the next one.
 */
function note_trouble( string $words, bool $held, int $at ): void {
	update_option( 'comment_desk_trouble', array( 'at' => $at, 'words' => cut( $words, 400 ), 'held' => $held ), false );
}

/**
 * Returns what a person has to mend after an answer that every report would get; empty for any other.
 */
function what_to_mend( int $status, string $trouble ): string {
	if ( $status < 300 || $status >= 500 || in_array( $status, array( 408, 425, 429 ), true ) ) {
		return '';
	}
	if ( 401 !== $status ) {
		/* translators: %s: what was answered. */
		return sprintf( __( 'What answers at the address of the desk does not take reports (%s). The address is wrong, or something in front of the desk turns this site away.', 'comment-desk' ), $trouble );
	}
	// A signed body without a report: the desk looks at the signature before it looks at the name.
	list( $bare ) = post_signed( 'wp-test-' . wp_generate_password( 20, false ), '{}', 5.0 );
	return 422 === $bare
		/* translators: %s: the name of this site in the settings. */
		? sprintf( __( 'The desk answers, but knows this site by another name than “%s”. Write the name exactly as it stands in the settings of the desk.', 'comment-desk' ), settings()['site'] )
		: __( 'The desk answers, but does not accept the signature: the secret is another, or one of the clocks is wrong.', 'comment-desk' );
}

/** Lets everything that waits be tried at once, such as after the settings were changed. */
function try_again(): void {
	global $wpdb;
	$wpdb->query( $wpdb->prepare( 'UPDATE ' . table() . " SET due = %d, attempts = 0, state = 'waiting' WHERE state IN ('waiting', 'alone', 'given up')", time() ) );
	delete_option( 'comment_desk_trouble' );
}

/** Tries again what waits, as the settings are others now. */
function settings_changed(): void {
	try_again();
	send_soon();
}
add_action( 'add_option_' . OPTION, __NAMESPACE__ . '\settings_changed', 10, 0 );
add_action( 'update_option_' . OPTION, __NAMESPACE__ . '\settings_changed', 10, 0 );

/** Says in wp-admin that reports wait until somebody mends something. */
function say_held(): void {
	$trouble = get_option( 'comment_desk_trouble' );
	if ( ! is_array( $trouble ) || empty( $trouble['held'] ) || ! current_user_can( 'manage_options' ) ) {
		return;
	}
	printf(
		'<div class="notice notice-error"><p>%s <a href="%s">%s</a></p></div>',
		/* translators: 1: number of reports, 2: what has to be mended. */
		esc_html( sprintf( __( 'Comment Desk: readers\' reports wait here (%1$d), as the desk does not take them. %2$s', 'comment-desk' ), tell_status()['waiting'], $trouble['words'] ) ),
		esc_url( admin_url( 'options-general.php?page=comment-desk' ) ),
		esc_html__( 'Settings of Comment Desk', 'comment-desk' )
	);
}
add_action( 'admin_notices', __NAMESPACE__ . '\say_held' );

/** Makes an attempt once the page is out, so that no reader waits for the desk. */
function send_soon(): void {
	$trouble = get_option( 'comment_desk_trouble' );
	if ( is_array( $trouble ) && time() - (int) $trouble['at'] < 60 ) {
		return; // It failed a moment ago; the timer tries again.
	}
	if ( ! has_action( 'shutdown', __NAMESPACE__ . '\send_at_the_end' ) ) {
		add_action( 'shutdown', __NAMESPACE__ . '\send_at_the_end', 99 );
	}
}

/** Lets the reader go where the server can do that, then sends with little patience. */
function send_at_the_end(): void {
	if ( function_exists( 'fastcgi_finish_request' ) ) {
		fastcgi_finish_request();
	} elseif ( function_exists( 'litespeed_finish_request' ) ) {
		litespeed_finish_request();
	}
	send_due( 5, 3.0 );
}

/** Forgets old reports and bans that are over. */
function tidy(): void {
	global $wpdb;
	$wpdb->query( $wpdb->prepare( 'DELETE FROM ' . table() . ' WHERE created < %d', time() - KEPT_DAYS * DAY_IN_SECONDS ) );
	foreach ( bans() as $key => $ban ) {
		if ( ! is_running( $ban ) ) {
			delete_option( BAN_PREFIX . $key );
		}
	}
	forget_trials( HOUR_IN_SECONDS );
}
add_action( HOOK_TIDY, __NAMESPACE__ . '\tidy' );

// ---------------------------------------------------------------- bans

/** Whether a ban, as stored, holds now. `until` is a time, 0 for good. */
function is_running( $ban ): bool {
	return is_array( $ban ) && ( 0 === (int) $ban['until'] || (int) $ban['until'] > time() );
}

/** Returns an author's running ban, null if there is none. */
function ban_of( string $key ): ?array {
	$ban = get_option( BAN_PREFIX . $key );
	return is_running( $ban ) ? $ban : null;
}

/** Returns all bans by the author's key, also those that are over. */
function bans(): array {
	global $wpdb;
	$bans  = array();
	$names = $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s ORDER BY option_id DESC LIMIT 1000", $wpdb->esc_like( BAN_PREFIX ) . '%' ) );
	foreach ( $names as $name ) {
		$bans[ substr( $name, strlen( BAN_PREFIX ) ) ] = get_option( $name );
	}
	return $bans;
}

/** Returns the keys under which somebody who is about to comment may be banned. */
function keys_of( array $comment ): array {
	$user_id = (int) ( $comment['user_id'] ?? $comment['user_ID'] ?? 0 );
	$email   = strtolower( trim( (string) ( $comment['comment_author_email'] ?? '' ) ) );
	$address = (string) ( $comment['comment_author_IP'] ?? '' );
	$keys    = is_telling( $address ) ? array( name_key( (string) ( $comment['comment_author'] ?? '' ), $address ) ) : array();
	if ( $user_id > 0 ) {
		$keys[] = 'user-' . $user_id;
	}
	if ( '' !== $email ) {
		$keys[] = guest_key( $email );
		// Logging out and writing under the account's own address does not get around a ban.
		$account = get_user_by( 'email', $email );
		if ( $account ) {
			$keys[] = 'user-' . $account->ID;
		}
	}
	return $keys;
}

/** Refuses a comment by somebody who is banned. */
function keep_out( $approved, $comment ) {
	if ( is_wp_error( $approved ) || is_staff( (int) ( $comment['user_id'] ?? 0 ) ) ) {
		return $approved;
	}
	foreach ( keys_of( (array) $comment ) as $key ) {
		$ban = ban_of( $key );
		if ( $ban ) {
			$words = (int) $ban['until'] > 0
				/* translators: %s: date and time. */
				? sprintf( __( 'You cannot comment here until %s.', 'comment-desk' ), wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), (int) $ban['until'] ) )
				: __( 'You can no longer comment here.', 'comment-desk' );
			// The form wants the bare status, and REST wants it in an array.
			$rest = defined( 'REST_REQUEST' ) && REST_REQUEST;
			return new WP_Error( 'comment_desk_banned', $words, $rest ? array( 'status' => 403 ) : 403 );
		}
	}
	return $approved;
}
add_filter( 'pre_comment_approved', __NAMESPACE__ . '\keep_out', 99, 2 );

// ---------------------------------------------------------------- evidence

/**
 * Keeps a comment's address and browser when it is changed over REST.
 *
 * WordPress writes those of the one who makes the change, and so loses what a police report or
 * a court would ask for.
 */
function keep_evidence( $prepared, $request ) {
	$comment = isset( $request['id'] ) && is_array( $prepared ) ? get_comment( (int) $request['id'] ) : null;
	if ( $comment && ! isset( $request['author_ip'] ) ) {
		$prepared['comment_author_IP'] = $comment->comment_author_IP;
	}
	if ( $comment && ! isset( $request['author_user_agent'] ) ) {
		$prepared['comment_agent'] = $comment->comment_agent;
	}
	return $prepared;
}
add_filter( 'rest_preprocess_comment', __NAMESPACE__ . '\keep_evidence', 10, 2 );

/** Refuses what the desk asks of a comment that was edited since the desk read it. */
function refuse_edited( $prepared, $request ) {
	$read    = $request->get_param( 'comment_desk_revision' );
	$comment = isset( $request['id'] ) ? get_comment( (int) $request['id'] ) : null;
	if ( $comment && ! is_wp_error( $prepared ) && is_string( $read ) && revision( $comment ) !== $read ) {
		return new WP_Error( 'comment_desk_edited', __( 'The comment was edited meanwhile.', 'comment-desk' ), array( 'status' => 409 ) );
	}
	return $prepared;
}
// After what else may change it, so that nothing takes the refusal for a comment.
add_filter( 'rest_preprocess_comment', __NAMESPACE__ . '\refuse_edited', 99, 2 );

/** Under this name WordPress keeps, while an article is in its trash, how its comments stood. */
const TRASHED_WITH = '_wp_trash_meta_comments_status';

/** Returns how a comment will stand once its article is out of the trash, null if it is not in it. */
function restored_as( WP_Comment $comment ): ?string {
	$kept = get_post_meta( (int) $comment->comment_post_ID, TRASHED_WITH, true );
	$then = is_array( $kept ) ? $kept[ (int) $comment->comment_ID ] ?? null : null;
	$says = array( '0' => 'hold', 'post-trashed' => 'hold', '1' => 'approved' );
	return null === $then ? null : $says[ (string) $then ] ?? (string) $then;
}

/**
 * Lets stand what is decided about a comment while its article is in the trash: WordPress would
 * otherwise put it back to how it stood before.
 */
function outlast_the_trash( $new, $old, $comment ): void {
	$post = (int) $comment->comment_post_ID;
	$kept = get_post_meta( $post, TRASHED_WITH, true );
	$id   = (int) $comment->comment_ID;
	if ( is_array( $kept ) && isset( $kept[ $id ] ) ) {
		update_post_meta( $post, TRASHED_WITH, array( $id => $comment->comment_approved ) + $kept );
	}
}
add_action( 'transition_comment_status', __NAMESPACE__ . '\outlast_the_trash', 10, 3 );

/** Whether a trashed comment can be had back: where WordPress keeps no trash, it is deleted for good. */
function has_trash(): bool {
	return EMPTY_TRASH_DAYS > 0;
}

/** Whether what is done now is an order of the desk, as the desk says of each; nobody else's is. */
function is_order( ?bool $now = null ): bool {
	static $is = false;
	$is = $now ?? $is;
	return $is;
}

/** Hears whether a change over REST is an order, and refuses one that would delete for good. */
function hear_order( $prepared, $request ) {
	is_order( true === $request->get_param( 'comment_desk_order' ) );
	return is_order() && 'trash' === $request->get_param( 'status' ) && ! has_trash()
		? new WP_Error( 'rest_trash_not_supported', 'There is no trash here: the comment would be deleted for good.', array( 'status' => 501 ) )
		: $prepared;
}
add_filter( 'rest_preprocess_comment', __NAMESPACE__ . '\hear_order', 98, 2 );

/**
 * Notes who decided about a comment in WordPress itself, so that the desk can say so: in wp-admin,
 * over REST, with whatever password. What the desk did itself, it knows.
 */
function note_verdict( $new, $old, $comment ): void {
	if ( ! may_moderate() || ! in_array( $new, array( 'approved', 'unapproved', 'spam', 'trash' ), true ) ) {
		return;
	}
	if ( is_order() ) {
		delete_comment_meta( $comment->comment_ID, '_comment_desk_verdict' );
		return;
	}
	update_comment_meta(
		$comment->comment_ID,
		'_comment_desk_verdict',
		array(
			'status' => 'unapproved' === $new ? 'hold' : $new,
			'by'     => wp_get_current_user()->display_name,
			'at'     => gmdate( 'Y-m-d\TH:i:s\Z' ),
		)
	);
}
add_action( 'transition_comment_status', __NAMESPACE__ . '\note_verdict', 10, 3 );

// ---------------------------------------------------------------- on hold

/** Whether the desk keeps a comment from view until a moderator has looked; that is no verdict. */
function is_on_hold( WP_Comment $comment ): bool {
	return '' !== get_comment_meta( (int) $comment->comment_ID, ON_HOLD, true );
}

/** Whether whoever reads is the comment's author, as far as WordPress knows for sure. */
function is_own( WP_Comment $comment ): bool {
	return is_user_logged_in() && get_current_user_id() === (int) $comment->user_id;
}

/**
 * Whether whoever reads is the comment's author as far as WordPress asks, when it shows somebody
 * their own comment that others do not see: also by the address that the browser remembers.
 */
function is_theirs( WP_Comment $comment ): bool {
	if ( (int) $comment->user_id > 0 || is_user_logged_in() ) {
		return is_own( $comment );
	}
	$email = strtolower( trim( (string) wp_get_unapproved_comment_author_email() ) );
	return '' !== $email && strtolower( trim( $comment->comment_author_email ) ) === $email;
}

/** Returns what stands in the place of a comment that is on hold; never a rule. */
function on_hold(): string {
	return __( 'On hold until a moderator has looked at it.', 'comment-desk' );
}

/** Ends a hold as soon as the comment stands in another way, whoever made it so. */
function end_hold( $new, $old, $comment ): void {
	if ( 'unapproved' !== $new ) {
		delete_comment_meta( $comment->comment_ID, ON_HOLD );
	}
}
add_action( 'transition_comment_status', __NAMESPACE__ . '\end_hold', 10, 3 );

/** Whether a page of an article is being made for its readers. */
function is_for_readers(): bool {
	return ! is_admin() && ! is_feed() && ! ( defined( 'REST_REQUEST' ) && REST_REQUEST ) && did_action( 'wp' ) && is_singular();
}

/** Lets the article's own list have the comments on hold, in their places. */
function list_held( $clauses, $query ) {
	global $wpdb;
	$post = (int) ( $query->query_vars['post_id'] ?? 0 );
	if ( ! is_for_readers() || 0 === $post || get_queried_object_id() !== $post || ! empty( $query->query_vars['comment_desk'] ) ) {
		return $clauses;
	}
	$held = get_comments(
		array(
			'post_id'      => $post,
			'status'       => 'hold',
			'meta_key'     => ON_HOLD,
			'fields'       => 'ids',
			'comment_desk' => true,
		)
	);
	if ( $held ) {
		$also             = "( comment_approved = '1' OR {$wpdb->comments}.comment_ID IN (" . implode( ',', array_map( 'intval', $held ) ) . ') )';
		$clauses['where'] = str_replace( "comment_approved = '1'", $also, $clauses['where'] );
	}
	return $clauses;
}
add_filter( 'comments_clauses', __NAMESPACE__ . '\list_held', 10, 2 );

/** Puts our sentence in the place of a comment on hold, wherever a theme reads it from. */
function mask_held( $comment ) {
	if ( ! $comment instanceof WP_Comment || '0' !== $comment->comment_approved || ! is_for_readers()
		|| is_theirs( $comment ) || ! is_on_hold( $comment ) ) {
		return $comment;
	}
	// What WordPress has in its cache stays as it is.
	$masked                       = clone $comment;
	$masked->comment_content      = on_hold();
	$masked->comment_author       = '';
	$masked->comment_author_email = '';
	$masked->comment_author_url   = '';
	$masked->comment_author_IP    = '';
	$masked->user_id              = 0;
	// Else themes say that it is the reader's own.
	$masked->comment_approved = '1';
	return $masked;
}
add_filter( 'get_comment', __NAMESPACE__ . '\mask_held' );

// ---------------------------------------------------------------- what the desk asks

/** Whether the caller may moderate comments. */
function may_moderate(): bool {
	return current_user_can( 'moderate_comments' );
}

/** Opens the paths that the desk uses, under comment-desk/v1. */
function open_paths(): void {
	$paths = array(
		array( '/status', 'GET', 'tell_status' ),
		array( '/reports', 'GET', 'tell_reports' ),
		array( '/rules', 'POST', 'take_rules' ),
		array( '/greeting', 'POST', 'answer_greeting' ),
		array( '/trial', 'POST', 'make_trial' ),
		array( '/trial/(?P<comment>[0-9]{1,20})', 'DELETE', 'end_trial' ),
		array( '/statements/(?P<comment>[0-9]{1,20})', 'POST', 'take_statement' ),
		array( '/bans/(?P<author>(?:user|guest|name)-[a-z0-9]{1,40})', 'GET', 'tell_ban' ),
		array( '/bans/(?P<author>(?:user|guest|name)-[a-z0-9]{1,40})', 'POST', 'take_ban' ),
	);
	foreach ( $paths as list( $path, $method, $callback ) ) {
		register_rest_route(
			'comment-desk/v1',
			$path,
			array(
				'methods'             => $method,
				'callback'            => __NAMESPACE__ . '\\' . $callback,
				'permission_callback' => __NAMESPACE__ . '\may_moderate',
			)
		);
	}
	register_rest_field(
		'comment',
		'comment_desk',
		array(
			'get_callback' => function ( $prepared ) {
				$comment = get_comment( $prepared['id'] );
				return $comment && may_moderate() ? array(
					'author'      => author_key( $comment ),
					'staff'       => is_staff( (int) $comment->user_id ),
					'revision'    => revision( $comment ),
					'told'        => null !== standing( (int) $comment->comment_ID ),
					'verdict'     => get_comment_meta( $comment->comment_ID, '_comment_desk_verdict', true ) ?: null,
					'trash'       => has_trash(),
					'restored_as' => restored_as( $comment ),
				) : null;
			},
			// Only for editing: what is asked in other contexts, anybody can read.
			'schema'       => array(
				'type'     => array( 'object', 'null' ),
				'context'  => array( 'edit' ),
				'readonly' => true,
			),
		)
	);
	register_rest_field(
		'comment',
		'comment_desk_on_hold',
		array(
			'get_callback'    => function ( $prepared ) {
				$comment = get_comment( $prepared['id'] );
				return $comment && may_moderate() ? is_on_hold( $comment ) : null;
			},
			'update_callback' => function ( $held, $comment ) {
				if ( $held ) {
					update_comment_meta( $comment->comment_ID, ON_HOLD, '1' );
				} else {
					delete_comment_meta( $comment->comment_ID, ON_HOLD );
				}
			},
			'schema'          => array(
				'type'    => array( 'boolean', 'null' ),
				'context' => array( 'edit' ),
			),
		)
	);
}
add_action( 'rest_api_init', __NAMESPACE__ . '\open_paths' );

/** Says how the plugin is doing. */
function tell_status(): array {
	global $wpdb;
	$counts  = $wpdb->get_results( 'SELECT state, COUNT(*) AS n FROM ' . table() . ' GROUP BY state', OBJECT_K );
	$trouble = get_option( 'comment_desk_trouble' );
	return array(
		'version' => VERSION,
		'ready'   => is_set_up(),
		'site'    => settings()['site'],
		'now'     => gmdate( 'Y-m-d\TH:i:s\Z' ),
		'trash'   => has_trash(),
		'unkept'  => get_option( 'comment_desk_unkept' ) ? not_kept() : '',
		'network' => is_multisite(),
		'shop'    => class_exists( 'WooCommerce', false ),
		// From then on editors write notes to each other, which WordPress keeps as comments.
		'notes'   => version_compare( get_bloginfo( 'version' ), '6.9-alpha', '>=' ),
		'rules'   => array_keys( rules() ),
		'readers' => readers_url(),
		'waiting' => (int) ( $counts['waiting']->n ?? 0 ) + (int) ( $counts['alone']->n ?? 0 ),
		'refused' => (int) ( $counts['refused']->n ?? 0 ) + (int) ( $counts['given up']->n ?? 0 ),
		'trouble' => is_array( $trouble ) ? (string) $trouble['words'] : '',
		'held'    => is_array( $trouble ) && ! empty( $trouble['held'] ),
	);
}

/** Gives the reports after a number, in order; without one, those that were not sent. */
function tell_reports( WP_REST_Request $request ): array {
	global $wpdb;
	$after = $request['after'];
	$rows  = null === $after
		? $wpdb->get_results( 'SELECT id, webhook_id, body FROM ' . table() . " WHERE state IN ('waiting', 'alone', 'given up') ORDER BY id LIMIT 101" )
		: $wpdb->get_results( $wpdb->prepare( 'SELECT id, webhook_id, body FROM ' . table() . ' WHERE id > %d ORDER BY id LIMIT 101', absint( $after ) ) );
	$more  = count( $rows ) > 100;
	$rows  = array_slice( $rows, 0, 100 );
	$last  = $more || null !== $after ? absint( $after ) : (int) $wpdb->get_var( 'SELECT MAX(id) FROM ' . table() );
	return array(
		'reports' => array_map(
			fn( $row ) => array(
				'id'     => $row->webhook_id,
				'report' => wp_json_encode( to_send( $row->body ) ),
			),
			$rows
		),
		'mark'    => (string) ( $more || null !== $after ? ( $rows ? end( $rows )->id : $last ) : $last ),
		'more'    => $more,
		// What an older plugin kept of the rules lacks the readers' pages: it asks for all anew.
		'rules'   => isset( sent_rules()['readers'] ) ? sent_rules()['mark'] : '',
	);
}

/** Says that the database did not keep what it was given. */
function not_kept(): string {
	return __( 'The database of this WordPress did not keep the house rules. It is likely to have no room for emoji and the like in its table of options (utf8mb3): take them out of the rules, or convert the table to utf8mb4.', 'comment-desk' );
}

/** Takes the desk's house rules, so that readers are asked about the very same. */
function take_rules( WP_REST_Request $request ) {
	$lines = array();
	foreach ( (array) $request['rules'] as $rule ) {
		$rule    = is_array( $rule ) ? $rule : array();
		$flat    = fn( $name ) => str_replace( '|', '/', typed_line( is_string( $rule[ $name ] ?? null ) ? $rule[ $name ] : '', 500 ) );
		$lines[] = implode( ' | ', array( (int) ( $rule['number'] ?? 0 ), $flat( 'code' ), $flat( 'name' ), $flat( 'text' ) ) );
	}
	$text  = implode( "\n", array_slice( $lines, 0, 25 ) );
	$rules = parse_rules( $text );
	if ( array() === $rules ) {
		return new WP_Error( 'comment_desk_no_rules', 'There is no rule in this that can be used.', array( 'status' => 400 ) );
	}
	$mark    = is_string( $request['mark'] ) ? sanitize_key( $request['mark'] ) : '';
	$readers = is_string( $request['readers'] ) ? untrailingslashit( esc_url_raw( $request['readers'], array( 'http', 'https' ) ) ) : '';
	update_option( 'comment_desk_rules', array( 'mark' => $mark, 'text' => $text, 'readers' => $readers ), true );
	// Read back from the database: one without room for emoji answers as if it had kept them.
	wp_cache_delete( 'alloptions', 'options' );
	wp_cache_delete( 'comment_desk_rules', 'options' );
	wp_cache_delete( 'notoptions', 'options' );
	$kept = ( sent_rules()['text'] ?? null ) === $text;
	update_option( 'comment_desk_unkept', $kept ? '' : '1', false );
	if ( ! $kept ) {
		return new WP_Error( 'comment_desk_rules_not_kept', not_kept(), array( 'status' => 409 ) );
	}
	return array( 'rules' => array_keys( $rules ) );
}

/**
 * Shows the desk that both have the same secret, in either direction.
 *
 * What is signed names itself as a greeting, so that nobody gets a report signed by this.
 */
function answer_greeting( WP_REST_Request $request ) {
	$word = is_string( $request['word'] ) ? $request['word'] : '';
	if ( ! preg_match( '/^[a-z0-9]{16,64}$/', $word ) || ! is_int( $request['time'] ) ) {
		return new WP_Error( 'rest_invalid_param', 'word must be letters and digits, and time a number.', array( 'status' => 400 ) );
	}
	$body  = wire( array( 'greeting' => $word ) );
	$given = preg_split( '/ /', is_string( $request['signature'] ) ? $request['signature'] : '', -1, PREG_SPLIT_NO_EMPTY );
	$known = false;
	foreach ( explode( ' ', signature( 'desk-greeting-' . $word, $request['time'], $body ) ) as $ours ) {
		foreach ( $given as $theirs ) {
			$known = ( '' !== $ours && hash_equals( $ours, $theirs ) ) || $known;
		}
	}
	return array(
		'knows'     => $known,
		'signature' => signature( 'wp-greeting-' . $word, $request['time'], $body ),
	);
}

/**
 * Makes a comment that readers never see, and gives a signed report of it; the desk tries both.
 *
 * It waits to be approved, and nobody is told of it.
 */
function make_trial() {
	forget_trials( 0 );
	$posts = get_posts( array( 'numberposts' => 1, 'fields' => 'ids', 'post_status' => 'publish' ) );
	if ( array() === $posts ) {
		return new WP_Error( 'comment_desk_no_story', 'There is no published article to try it under.', array( 'status' => 409 ) );
	}
	$id      = wp_insert_comment(
		array(
			'comment_post_ID'  => $posts[0],
			'comment_author'   => 'Comment Desk',
			'comment_content'  => 'A test of Comment Desk. It is deleted by itself.',
			'comment_approved' => 0,
			'comment_type'     => 'comment',
			'comment_meta'     => array( TRIAL => time() ),
		)
	);
	$comment = $id ? get_comment( $id ) : null;
	if ( ! $comment ) {
		return new WP_Error( 'comment_desk_no_trial', 'WordPress could not keep a comment.', array( 'status' => 500 ) );
	}
	$key  = 'wp-trial-' . $id;
	$time = time();
	$body = wire( report_of( $comment, (string) array_key_first( rules() ), 'comment-desk-trial' ) );
	return array(
		'comment'   => (int) $id,
		'id'        => $key,
		'time'      => gmdate( 'Y-m-d\TH:i:s\Z', $time ),
		'body'      => $body,
		'signature' => signature( $key, $time, $body ),
	);
}

/** Deletes such a comment, and no other. */
function end_trial( WP_REST_Request $request ) {
	$id = absint( $request['comment'] );
	if ( '' === get_comment_meta( $id, TRIAL, true ) ) {
		return new WP_Error( 'rest_comment_invalid_id', 'That is no test comment.', array( 'status' => 404 ) );
	}
	return array( 'deleted' => wp_delete_comment( $id, true ) );
}

/** Deletes the test comments that are so many seconds old: none should be left. */
function forget_trials( int $age ): void {
	foreach ( array( 'all', 'trash', 'spam' ) as $status ) {
		$left = get_comments( array( 'status' => $status, 'meta_key' => TRIAL, 'fields' => 'ids' ) );
		foreach ( $left as $id ) {
			if ( (int) get_comment_meta( $id, TRIAL, true ) <= time() - $age ) {
				wp_delete_comment( $id, true );
			}
		}
	}
}

/** Says whether an author is banned, and until when. */
function tell_ban( WP_REST_Request $request ): array {
	$ban = ban_of( $request['author'] );
	return array(
		'banned' => null !== $ban,
		'until'  => $ban && (int) $ban['until'] > 0 ? gmdate( 'Y-m-d\TH:i:s\Z', (int) $ban['until'] ) : null,
	);
}

/** Bans an author or lifts a ban; answers with what then is. */
function take_ban( WP_REST_Request $request ) {
	$key   = $request['author'];
	$until = $request['until'];
	$end   = null === $until ? 0 : strtotime( (string) $until );
	if ( ! is_bool( $request['banned'] ) || false === $end ) {
		return new WP_Error( 'rest_invalid_param', 'banned must be true or false, and until a time or null.', array( 'status' => 400 ) );
	}
	if ( ! $request['banned'] || ( 0 !== $end && $end <= time() ) ) {
		delete_option( BAN_PREFIX . $key );
		return tell_ban( $request );
	}
	$user_id = 0 === strpos( $key, 'user-' ) ? (int) substr( $key, 5 ) : 0;
	if ( $user_id && is_staff( $user_id ) ) {
		return new WP_Error( 'comment_desk_staff', 'The author is one of the site\'s own staff.', array( 'status' => 409 ) );
	}
	if ( 0 === strpos( $key, 'user-' ) && ! get_userdata( $user_id ) ) {
		return new WP_Error( 'comment_desk_no_author', 'There is no such account.', array( 'status' => 404 ) );
	}
	update_option( BAN_PREFIX . $key, array( 'until' => $end, 'since' => time() ), false );
	return tell_ban( $request );
}

// ---------------------------------------------------------------- what the author is told

/** Returns the statement of a decision that stands about a comment, null if there is none. */
function standing( int $id ): ?array {
	$statement = get_comment_meta( $id, STATEMENT, true );
	return is_array( $statement ) && ! $statement['undone'] ? $statement : null;
}

/**
 * Takes the address at which the author reads what was decided and why, and may contest it.
 *
 * Each decision has an address of its own, so the author is told once however often it comes.
 * Without an address, what was decided was taken back.
 */
function take_statement( WP_REST_Request $request ) {
	$id      = absint( $request['comment'] );
	$url     = $request['url'];
	$until   = null === $request['until'] ? 0 : strtotime( (string) $request['until'] );
	$comment = WP_Comment::get_instance( $id );
	$known   = get_comment_meta( $id, STATEMENT, true );
	if ( ! $comment ) {
		return new WP_Error( 'rest_comment_invalid_id', 'There is no such comment.', array( 'status' => 404 ) );
	}
	if ( null === $url ) {
		take_back( $comment );
	} elseif ( ! is_string( $url ) || esc_url_raw( $url, array( 'http', 'https' ) ) !== $url || '' === $url
		|| ! in_array( $request['action'], array( 'hide', 'hold', 'ban' ), true ) || false === $until ) {
		return new WP_Error( 'rest_invalid_param', 'url must be an address, and action hide, hold or ban.', array( 'status' => 400 ) );
	} elseif ( ! is_array( $known ) || $known['url'] !== $url ) {
		update_comment_meta(
			$id,
			STATEMENT,
			array(
				'url'    => $url,
				'action' => $request['action'],
				'until'  => $until,
				'undone' => false,
				'mailed' => false,
			)
		);
		tell_soon( $id, 'decided' );
	}
	return array( 'told' => null !== standing( $id ) );
}

/** Notes that what was decided about a comment was taken back, and tells whoever was told of it. */
function take_back( WP_Comment $comment ): void {
	$id        = (int) $comment->comment_ID;
	$statement = standing( $id );
	if ( null === $statement ) {
		return;
	}
	update_comment_meta( $id, STATEMENT, array( 'undone' => true ) + $statement );
	delete_comment_meta( $id, UNTOLD );
	if ( $statement['mailed'] ) {
		tell_soon( $id, 'back' );
	}
}

/** Ends a statement also where somebody shows the comment in WordPress itself. */
function shown_here( $new, $old, $comment ): void {
	if ( 'approved' === $new && ! is_order() ) {
		take_back( $comment );
	}
}
add_action( 'transition_comment_status', __NAMESPACE__ . '\shown_here', 10, 3 );

/** Lets a mail to a comment's author leave once the answer is out. */
function tell_soon( int $id, string $what ): void {
	if ( ! settings()['mail'] ) {
		return;
	}
	delete_comment_meta( $id, UNTOLD );
	add_comment_meta( $id, UNTOLD, array( 'what' => $what, 'tries' => 0 ), true );
	if ( ! has_action( 'shutdown', __NAMESPACE__ . '\tell_at_the_end' ) ) {
		add_action( 'shutdown', __NAMESPACE__ . '\tell_at_the_end', 99 );
	}
}

/** Lets the desk go where the server can do that, then mails. */
function tell_at_the_end(): void {
	if ( function_exists( 'fastcgi_finish_request' ) ) {
		fastcgi_finish_request();
	} elseif ( function_exists( 'litespeed_finish_request' ) ) {
		litespeed_finish_request();
	}
	tell_due();
}

/** Mails the authors who are still to be told. */
function tell_due(): void {
	$waiting = get_comments(
		array(
			'status'       => 'any',
			'meta_key'     => UNTOLD,
			'fields'       => 'ids',
			'number'       => 20,
			'comment_desk' => true,
		)
	);
	foreach ( $waiting as $id ) {
		$due = get_comment_meta( (int) $id, UNTOLD, true );
		// Whoever takes it away has it, so that nobody is told twice.
		if ( ! is_array( $due ) || ! delete_comment_meta( (int) $id, UNTOLD, $due ) ) {
			continue;
		}
		if ( ! tell( (int) $id, $due['what'] ) && $due['tries'] + 1 < MOST_MAILS ) {
			add_comment_meta( (int) $id, UNTOLD, array( 'what' => $due['what'], 'tries' => $due['tries'] + 1 ), true );
		}
	}
}
add_action( HOOK_SEND, __NAMESPACE__ . '\tell_due', 10, 0 );

/** Mails a comment's author; false if the mail could not leave and may be tried again. */
function tell( int $id, string $what ): bool {
	$comment   = WP_Comment::get_instance( $id );
	$statement = get_comment_meta( $id, STATEMENT, true );
	$user      = $comment && (int) $comment->user_id > 0 ? get_userdata( (int) $comment->user_id ) : false;
	$to        = $user ? $user->user_email : ( $comment ? $comment->comment_author_email : '' );
	if ( ! $comment || ! is_array( $statement ) || ! is_email( $to ) ) {
		return true;
	}
	list( $subject, $lines ) = 'back' === $what ? back_in_words( $comment, $statement ) : decided_in_words( $comment, $statement );
	if ( array() === $lines ) {
		return true;
	}
	/* translators: 1: name of the site, 2: what happened. */
	$subject = sprintf( __( '[%1$s] %2$s', 'comment-desk' ), site_name(), $subject );
	if ( ! wp_mail( $to, $subject, implode( "\n\n", $lines ) . "\n" ) ) {
		return false;
	}
	$now = get_comment_meta( $id, STATEMENT, true );
	if ( 'decided' === $what && is_array( $now ) && $now['url'] === $statement['url'] ) {
		update_comment_meta( $id, STATEMENT, array( 'mailed' => true ) + $now );
	}
	return true;
}

/** Returns the site's name as plain text. */
function site_name(): string {
	return plain( (string) get_option( 'blogname' ), 100 );
}

/** Returns the article's title between quotation marks. */
function under( WP_Comment $comment ): string {
	return '“' . plain( get_the_title( (int) $comment->comment_post_ID ), 150 ) . '”';
}

/** Returns until when somebody may not comment, as a sentence of its own. */
function barred_in_words( array $statement ): string {
	return $statement['until'] > 0
		/* translators: %s: date and time. */
		? sprintf( __( 'You cannot comment here until %s.', 'comment-desk' ), wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $statement['until'] ) )
		: __( 'You can no longer comment here.', 'comment-desk' );
}

/** Returns subject and paragraphs of the mail about a decision; nobody is named in it. */
function decided_in_words( WP_Comment $comment, array $statement ): array {
	$held  = 'hold' === $statement['action'];
	$lines = array(
		$held
			/* translators: 1: an article's title, 2: name of the site. */
			? sprintf( __( 'Your comment under %1$s on %2$s is on hold: readers do not see it until a moderator has looked at it. Nothing has been decided about it.', 'comment-desk' ), under( $comment ), site_name() )
			/* translators: 1: an article's title, 2: name of the site. */
			: sprintf( __( 'Your comment under %1$s on %2$s has been hidden. Readers no longer see it.', 'comment-desk' ), under( $comment ), site_name() ),
	);
	if ( 'ban' === $statement['action'] ) {
		$lines[] = barred_in_words( $statement );
	}
	$lines[] = ( $held ? __( 'What that means:', 'comment-desk' ) : __( 'Why, what you wrote, and how to contest it:', 'comment-desk' ) ) . "\n" . $statement['url'];
	$lines[] = __( 'Please keep this address to yourself: whoever has it can answer in your name.', 'comment-desk' );
	$subject = $held ? __( 'Your comment is on hold', 'comment-desk' ) : __( 'Your comment is hidden', 'comment-desk' );
	return array( $subject, $lines );
}

/** Returns subject and paragraphs of the mail that says that a decision was taken back. */
function back_in_words( WP_Comment $comment, array $statement ): array {
	$lines = array();
	if ( '1' === $comment->comment_approved ) {
		/* translators: 1: an article's title, 2: name of the site. */
		$lines[] = sprintf( __( 'Your comment under %1$s on %2$s is back, and readers see it again:', 'comment-desk' ), under( $comment ), site_name() ) . "\n" . get_comment_link( $comment );
	}
	if ( 'ban' === $statement['action'] && null === ban_of( author_key( $comment ) ) ) {
		$lines[] = __( 'You can comment again.', 'comment-desk' );
	}
	return array( $lines ? __( 'Your comment is back', 'comment-desk' ) : '', $lines );
}

/** Returns what the author of a comment that readers do not see is told above it; empty for others. */
function told_above( WP_Comment $comment ): string {
	$held      = is_on_hold( $comment );
	$statement = standing( (int) $comment->comment_ID );
	if ( '1' === $comment->comment_approved || ( ! $held && null === $statement ) || ! is_theirs( $comment ) ) {
		return '';
	}
	if ( $held ) {
		$words = on_hold();
		$link  = __( 'What that means', 'comment-desk' );
	} else {
		$words = 'ban' === $statement['action'] ? barred_in_words( $statement ) : '';
		$link  = __( 'Your comment is hidden: why, and how to contest', 'comment-desk' );
	}
	if ( null !== $statement ) {
		$words = trim( esc_html( $words ) . ' ' . sprintf( '<a href="%s" rel="nofollow noreferrer">%s</a>', esc_url( $statement['url'] ), esc_html( $link ) ) );
	}
	return '<p class="comment-desk-held" role="status">' . ( null === $statement ? esc_html( $words ) : $words ) . '</p>';
}

/**
 * Marks where a block theme is at work: it takes all markup from a comment that is not approved,
 * and so our link. There it is put in front of the finished block.
 */
function in_block( ?bool $now = null ): bool {
	static $in = false;
	$in = $now ?? $in;
	return $in;
}
add_filter(
	'pre_render_block',
	function ( $rendered, $block ) {
		if ( 'core/comment-content' === ( $block['blockName'] ?? '' ) ) {
			in_block( true );
		}
		return $rendered;
	},
	10,
	2
);

/** Puts what the author is told in front of the finished block. */
function into_the_block( $html, $parsed, $block ) {
	in_block( false );
	$comment = WP_Comment::get_instance( (int) ( $block->context['commentId'] ?? 0 ) );
	$told    = $comment && is_for_readers() ? told_above( $comment ) : '';
	if ( '' === $told ) {
		return $html;
	}
	// It is not waiting for its first look, as WordPress says of what is not approved.
	$html = preg_replace( '#<p><em class="comment-awaiting-moderation">.*?</em></p>#s', '', (string) $html );
	$at   = (int) strpos( $html, '>' ) + 1;
	return substr( $html, 0, $at ) . $told . substr( $html, $at );
}
add_filter( 'render_block_core/comment-content', __NAMESPACE__ . '\into_the_block', 10, 3 );

// ---------------------------------------------------------------- Zeno Report Comments, and the older one

/** Passes a report made with another plugin's link on. */
function pass_on( $comment_id ): void {
	$comment = get_comment( (int) $comment_id );
	$rules   = rules();
	$reason  = settings()['zeno_reason'];
	$reason  = isset( $rules[ $reason ] ) ? $reason : (string) array_key_last( $rules );
	if ( $comment && ! is_staff( (int) $comment->user_id ) && '' !== $reason && enqueue( $comment, $reason, reader_key() ) ) {
		send_soon();
	}
}
add_action( 'zeno_report_comments_add_report', __NAMESPACE__ . '\pass_on' );
add_action( 'safe_report_comments_mark_flagged', __NAMESPACE__ . '\pass_on' );

// ---------------------------------------------------------------- the readers' form

/** Returns the number of a comment that a query or a form names. */
function named_comment( array $from, string $name ): int {
	return isset( $from[ $name ] ) && is_scalar( $from[ $name ] ) ? absint( $from[ $name ] ) : 0;
}

/** Whether the reader may report this comment. */
function may_report( WP_Comment $comment ): bool {
	$own = is_own( $comment );
	return '1' === $comment->comment_approved
		&& ! is_on_hold( $comment )
		&& in_array( $comment->comment_type, array( '', 'comment' ), true )
		&& ! $own
		&& ! is_staff( (int) $comment->user_id )
		&& ( 'users' !== settings()['who'] || is_user_logged_in() );
}

/** Returns the address of the page on which the comment stands, with a query of ours. */
function page_of( WP_Comment $comment, string $query = '' ): string {
	$page = remove_query_arg( array( 'comment_desk_report', 'comment_desk_thanks' ), strtok( get_comment_link( $comment ), '#' ) );
	return '' === $query ? $page : add_query_arg( $query, $comment->comment_ID, $page );
}

/** Adds the link, the form or the thanks under a comment's text. */
function under_the_comment( $text, $comment = null ) {
	$comment = get_comment( $comment );
	if ( ! $comment instanceof WP_Comment || is_admin() || is_feed() || ! is_singular()
		|| ( defined( 'REST_REQUEST' ) && REST_REQUEST )
		|| get_queried_object_id() !== (int) $comment->comment_post_ID ) {
		return $text;
	}
	$id  = (int) $comment->comment_ID;
	$raw = WP_Comment::get_instance( $id );
	if ( $raw && '1' !== $raw->comment_approved ) {
		return in_block() ? $text : told_above( $raw ) . $text;
	}
	if ( named_comment( $_GET, 'comment_desk_thanks' ) === $id ) {
		return $text . '<p class="comment-desk-thanks" id="comment-desk-thanks" role="status">' . esc_html__( 'Thank you. Our moderators have your report.', 'comment-desk' ) . '</p>';
	}
	if ( ! settings()['link'] || ! is_set_up() || ! may_report( $comment ) ) {
		return $text;
	}
	if ( '' !== readers_url() ) {
		return $text . button( $comment );
	}
	if ( named_comment( $_GET, 'comment_desk_report' ) === $id ) {
		return $text . form( $comment );
	}
	return $text . sprintf(
		'<p class="comment-desk-link"><a href="%s#comment-desk" rel="nofollow" aria-label="%s">%s</a></p>',
		esc_url( page_of( $comment, 'comment_desk_report' ) ),
		/* translators: %s: the comment's author. */
		esc_attr( sprintf( __( 'Report this comment by %s', 'comment-desk' ), plain( $comment->comment_author ) ) ),
		esc_html__( 'Report this comment', 'comment-desk' )
	);
}
// After the filters that make paragraphs and balance tags, which would take the form apart.
add_filter( 'comment_text', __NAMESPACE__ . '\under_the_comment', 1000, 2 );

/**
 * Returns the button that opens the desk's form on this page, and without scripts leads to a page
 * of the desk that does the same.
 */
function button( WP_Comment $comment ): string {
	return sprintf(
		'<form class="comment-desk-link" method="post" action="%s"><button class="comment-desk-report" name="ticket" value="%s" data-report aria-label="%s">%s</button></form>',
		esc_url( readers_url() . '/report/' . rawurlencode( settings()['site'] ) ),
		esc_attr( ticket( $comment ) ),
		/* translators: %s: the comment's author. */
		esc_attr( sprintf( __( 'Report this comment by %s', 'comment-desk' ), plain( $comment->comment_author ) ) ),
		esc_html__( 'Report this comment', 'comment-desk' )
	);
}

/** Returns a comment as this site vouches for it, so that a reader's browser can hand it on. */
function ticket( WP_Comment $comment ): string {
	$content = array(
		'site'    => settings()['site'],
		'comment' => described( $comment ),
		'story'   => story( $comment ),
		'as_of'   => gmdate( 'Y-m-d\TH:i:s\Z' ),
	);
	// Who has an account counts once, whatever browser they use.
	if ( is_user_logged_in() ) {
		$content['reader'] = reader_key();
	}
	$payload = base64url( wire( fitted( $content, $comment, TICKET_BYTES ) ) );
	return $payload . '.' . base64url( hash_hmac( 'sha256', "comment ticket\n" . $payload, signing_keys()[0], true ) );
}

/** Returns bytes in base64 as addresses have it. */
function base64url( string $bytes ): string {
	return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
}

/** Returns the form. */
function form( WP_Comment $comment ): string {
	$draft  = draft();
	$chosen = $draft['reason'];
	$radios = '';
	foreach ( rules() as $rule ) {
		$radios .= sprintf(
			'<label class="comment-desk-rule"><input type="radio" name="comment_desk_reason" value="%s" required%s> <span><strong>%d&ensp;%s</strong> <small>%s</small></span></label>',
			esc_attr( $rule['code'] ),
			checked( $chosen, $rule['code'], false ),
			$rule['number'],
			esc_html( $rule['name'] ),
			esc_html( $rule['text'] )
		);
	}
	return sprintf(
		'<form class="comment-desk-form" id="comment-desk" method="post" action="%1$s#comment-desk" aria-labelledby="comment-desk-title">
<p class="comment-desk-title" id="comment-desk-title" role="heading" aria-level="3">%2$s</p>
<p>%3$s</p>%4$s
<fieldset><legend>%5$s</legend>%6$s</fieldset>
<label class="comment-desk-note" for="comment-desk-note">%7$s</label>
<textarea id="comment-desk-note" name="comment_desk_note" rows="3" maxlength="500">%8$s</textarea>
<input type="hidden" name="comment_desk_report" value="%9$d"><input type="hidden" name="comment_desk_from" value="%13$s">%10$s
<p class="comment-desk-buttons"><button type="submit" class="wp-element-button">%2$s</button> <a href="%11$s#comment-%9$d">%12$s</a></p>
</form>',
		esc_url( page_of( $comment, 'comment_desk_report' ) ),
		esc_html__( 'Report this comment', 'comment-desk' ),
		esc_html__( 'Commenting is a privilege, not a right, and may be withdrawn. Please report any comment that breaks the rules.', 'comment-desk' ),
		'' === $draft['error'] ? '' : '<p class="comment-desk-error" role="alert">' . esc_html( $draft['error'] ) . '</p>',
		esc_html__( 'Which rule does it break?', 'comment-desk' ),
		$radios,
		esc_html__( 'Anything the moderators should know (may be left empty)', 'comment-desk' ),
		esc_textarea( $draft['note'] ),
		(int) $comment->comment_ID,
		sprintf( '<input type="hidden" name="comment_desk_nonce" value="%s">', esc_attr( form_mark( (int) $comment->comment_ID ) ) ),
		esc_url( page_of( $comment ) ),
		esc_html__( 'Cancel', 'comment-desk' ),
		esc_attr( came_from() )
	);
}

/** Keeps what a reader typed while the page is drawn again with what is wrong. */
function draft( ?array $new = null ): array {
	static $draft = array(
		'reason' => '',
		'note'   => '',
		'error'  => '',
	);
	if ( null !== $new ) {
		$draft = $new + $draft;
	}
	return $draft;
}

/** Keeps a page that is one reader's own out of every cache, also of those that go by this name. */
function keep_out_of_caches(): void {
	nocache_headers();
	if ( ! defined( 'DONOTCACHEPAGE' ) ) {
		define( 'DONOTCACHEPAGE', true );
	}
}

/**
 * Returns what shows that a form was drawn here. For who is logged in it is WordPress' own, which
 * ends after a day; for others, for whom that would show nothing more, it lasts as long as a cache
 * may keep the page.
 */
function form_mark( int $id ): string {
	return is_user_logged_in() ? wp_create_nonce( 'comment_desk_report_' . $id ) : masked( 'form|' . $id );
}

/** Whether a form was drawn here. */
function is_form_mark( string $mark, int $id ): bool {
	return is_user_logged_in() ? (bool) wp_verify_nonce( $mark, 'comment_desk_report_' . $id ) : hash_equals( form_mark( $id ), $mark );
}

/** Takes a sent form. */
function take_report(): void {
	if ( 'POST' !== ( $_SERVER['REQUEST_METHOD'] ?? '' ) || ! isset( $_POST['comment_desk_report'] ) ) {
		if ( isset( $_GET['comment_desk_report'] ) || isset( $_GET['comment_desk_thanks'] ) ) {
			keep_out_of_caches();
		}
		return;
	}
	keep_out_of_caches();
	$id      = named_comment( $_POST, 'comment_desk_report' );
	$comment = $id ? get_comment( $id ) : null;
	$reason  = isset( $_POST['comment_desk_reason'] ) && is_string( $_POST['comment_desk_reason'] ) ? sanitize_text_field( wp_unslash( $_POST['comment_desk_reason'] ) ) : '';
	$note    = isset( $_POST['comment_desk_note'] ) && is_string( $_POST['comment_desk_note'] ) ? typed( wp_unslash( $_POST['comment_desk_note'] ), 500 ) : '';
	$nonce   = isset( $_POST['comment_desk_nonce'] ) && is_string( $_POST['comment_desk_nonce'] ) ? sanitize_text_field( wp_unslash( $_POST['comment_desk_nonce'] ) ) : '';
	$error   = '';
	if ( ! $comment || ! is_set_up() || ! settings()['link'] || ! may_report( $comment ) ) {
		wp_die( esc_html__( 'This comment cannot be reported.', 'comment-desk' ), '', array( 'response' => 404, 'back_link' => true ) );
	} elseif ( ! is_form_mark( $nonce, $id ) ) {
		$error = __( 'This form was open for too long. Please send it once more.', 'comment-desk' );
	} elseif ( ! isset( rules()[ $reason ] ) ) {
		$error = __( 'Please say which rule the comment breaks.', 'comment-desk' );
	} elseif ( too_many() ) {
		$error = __( 'You have sent many reports. Please wait a few minutes.', 'comment-desk' );
	}
	if ( '' !== $error ) {
		status_header( 422 );
		draft( compact( 'reason', 'note', 'error' ) );
		return;
	}
	if ( enqueue( $comment, $reason, reader_key(), $note, came_from() ) ) {
		send_soon();
	}
	wp_safe_redirect( page_of( $comment, 'comment_desk_thanks' ) . '#comment-desk-thanks', 303 );
	exit;
}
add_action( 'template_redirect', __NAMESPACE__ . '\take_report' );

/** Counts a reader's reports, and says when there are too many. */
function too_many(): bool {
	$name  = 'comment_desk_n_' . masked( reader_key() . '|' . intdiv( time(), 600 ) );
	$count = (int) get_transient( $name );
	set_transient( $name, $count + 1, 600 );
	return $count >= MOST_REPORTS;
}

/**
 * Lets the browser say from which host the reader came, as only it knows where pages are cached.
 *
 * The form is a page of its own, which one reaches from this site: so the link takes the host along.
 */
function add_script(): void {
	if ( ! is_singular() || ! settings()['link'] || ! is_set_up() ) {
		return;
	}
	if ( '' !== readers_url() ) {
		wp_enqueue_script( 'comment-desk-report', readers_url() . '/report.js', array(), null, true );
		return;
	}
	wp_register_script( 'comment-desk', false, array(), VERSION, true );
	wp_enqueue_script( 'comment-desk' );
	wp_add_inline_script(
		'comment-desk',
		'(function(){var host="";try{host=new URL(document.referrer).hostname}catch(e){}
if(!host||host===location.hostname)return;
document.querySelectorAll(".comment-desk-link a").forEach(function(link){var to=new URL(link.href);to.searchParams.set("comment_desk_from",host);link.href=to.href});
var field=document.querySelector(".comment-desk-form [name=comment_desk_from]");if(field&&!field.value)field.value=host})();'
	);
}
add_action( 'wp_enqueue_scripts', __NAMESPACE__ . '\add_script' );

/** Tells the desk's script which site it is on, and in which language that is written. */
function name_the_site( $tag, $handle ) {
	return 'comment-desk-report' !== $handle ? $tag : str_replace(
		'<script ',
		sprintf( '<script defer data-site="%s" data-lang="%s" ', esc_attr( settings()['site'] ), esc_attr( get_bloginfo( 'language' ) ) ),
		$tag
	);
}
add_filter( 'script_loader_tag', __NAMESPACE__ . '\name_the_site', 10, 2 );

/** Adds the few styles; colours and type are the theme's own. */
function add_styles(): void {
	if ( ! is_singular() ) {
		return;
	}
	wp_register_style( 'comment-desk', false, array(), VERSION );
	wp_enqueue_style( 'comment-desk' );
	wp_add_inline_style(
		'comment-desk',
		'.comment-desk-held{border-left:4px solid currentColor;padding-left:.75em}
.comment-desk-link{font-size:.85em;margin:.5em 0 0}
.comment-body:has(>.comment-content>.comment-desk-held) .comment-awaiting-moderation{display:none}
.comment-desk-link .comment-desk-report{background:none!important;border:0!important;color:inherit!important;cursor:pointer;font:inherit!important;min-height:44px;padding:0!important;text-decoration:underline!important}
.comment-desk-form{border:1px solid currentColor;border-radius:4px;box-sizing:border-box;margin:1em 0;max-width:40em;padding:1em;scroll-margin-top:8em}
.comment-desk-form *{box-sizing:border-box;max-width:100%}
.comment-desk-form p{margin:.5em 0}
.comment-desk-form .comment-desk-title{font-size:1.15em;font-weight:700;margin-top:0}
.comment-desk-form fieldset{border:0;margin:1em 0;min-width:0;padding:0}
.comment-desk-form legend{font-size:1em;font-weight:700;padding:0}
.comment-desk-form .comment-desk-rule{align-items:baseline;cursor:pointer;display:flex;gap:.6em;padding:.5em 0}
.comment-desk-form .comment-desk-rule input{-webkit-appearance:auto;appearance:auto;flex:none;height:1.1em;margin:0;width:1.1em}
.comment-desk-form .comment-desk-rule input::after,.comment-desk-form .comment-desk-rule input::before{content:none}
.comment-desk-form small{display:block;font-size:.85em;font-weight:400}
.comment-desk-form .comment-desk-note{display:block;margin-bottom:.25em}
.comment-desk-form textarea{display:block;font:inherit;padding:.5em;width:100%}
.comment-desk-buttons{align-items:center;display:flex;flex-wrap:wrap;gap:1em}
.comment-desk-buttons a{display:inline-block;padding:.6em 0}
.comment-desk-error{border-left:4px solid #b32d2e;padding-left:.75em}
.comment-desk-thanks{border-left:4px solid currentColor;padding-left:.75em;scroll-margin-top:8em}'
	);
}
add_action( 'wp_enqueue_scripts', __NAMESPACE__ . '\add_styles' );

// ---------------------------------------------------------------- the settings page

add_action(
	'admin_menu',
	function () {
		add_options_page( 'Comment Desk', 'Comment Desk', 'manage_options', 'comment-desk', __NAMESPACE__ . '\settings_page' );
	}
);

add_action(
	'admin_init',
	function () {
		register_setting( 'comment_desk', OPTION, array( 'sanitize_callback' => __NAMESPACE__ . '\clean_settings' ) );
	}
);

/** Returns settings as they may be kept, and says what was wrong with others. */
function clean_settings( $input ): array {
	$input = is_array( $input ) ? $input : array();
	$old   = settings();
	$text  = fn( $name ) => isset( $input[ $name ] ) && is_string( $input[ $name ] ) ? trim( $input[ $name ] ) : $old[ $name ];
	$clean = array(
		'url'         => preg_replace( '#/v1/reports/*$#', '', esc_url_raw( $text( 'url' ), array( 'http', 'https' ) ) ),
		// What is copied may bring along what nobody sees.
		'site'        => trim( (string) preg_replace( '/\p{Cf}+/u', '', typed_line( $text( 'site' ), 200 ) ) ),
		'secrets'     => '' === $text( 'secrets' ) ? $old['secrets'] : sanitize_textarea_field( $text( 'secrets' ) ),
		'who'         => 'users' === $text( 'who' ) ? 'users' : 'everyone',
		'link'        => empty( $input['link'] ) ? 0 : 1,
		'mail'        => empty( $input['mail'] ) ? 0 : 1,
		'zeno_reason' => sanitize_text_field( $text( 'zeno_reason' ) ),
		'rules'       => typed( $text( 'rules' ), 20000 ),
	);
	if ( array() === parse_rules( $clean['rules'] ) ) {
		$clean['rules'] = $old['rules'];
		complain( __( 'The house rules were left as they were: each line needs number | code | name | text.', 'comment-desk' ) );
	}
	global $wpdb;
	foreach ( array_filter( $clean, 'is_string' ) as $name => $value ) {
		// All are kept as one, so that one which the database has no room for would cost the others.
		if ( $wpdb->strip_invalid_text_for_column( $wpdb->options, 'option_value', $value ) !== $value ) {
			$clean[ $name ] = $old[ $name ];
			complain( 'rules' === $name ? not_kept() : __( 'A setting was left as it was: the database has no room for emoji and the like in its table of options (utf8mb3).', 'comment-desk' ) );
		}
	}
	foreach ( preg_split( '/\s+/', trim( $clean['secrets'] ), -1, PREG_SPLIT_NO_EMPTY ) as $secret ) {
		$key = base64_decode( preg_replace( '/^whsec_/', '', $secret ), true );
		if ( ! is_string( $key ) || strlen( $key ) < 24 ) {
			$clean['secrets'] = $old['secrets'];
			complain( __( 'The secrets were left as they were: each is whsec_ followed by base64 of at least 24 bytes.', 'comment-desk' ) );
			break;
		}
	}
	return $clean;
}

/** Shows what is wrong, where the settings page is what saved. */
function complain( string $words ): void {
	if ( function_exists( 'add_settings_error' ) ) {
		add_settings_error( OPTION, md5( $words ), $words );
	}
}

/** Lifts a ban, or tries the connection, when an admin presses for it. */
function admin_act(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( esc_html__( 'You may not do this.', 'comment-desk' ), '', array( 'response' => 403 ) );
	}
	check_admin_referer( 'comment_desk_act' );
	$lift = isset( $_POST['lift'] ) && is_string( $_POST['lift'] ) ? sanitize_key( wp_unslash( $_POST['lift'] ) ) : '';
	if ( '' !== $lift ) {
		delete_option( BAN_PREFIX . $lift );
		$said = __( 'The ban was lifted.', 'comment-desk' );
	} elseif ( isset( $_POST['send'] ) ) {
		try_again();
		send_due( 50, 5.0 );
		$said = __( 'What was waiting was tried again.', 'comment-desk' );
	} else {
		$said = connection();
	}
	set_transient( 'comment_desk_said_' . get_current_user_id(), $said, 60 );
	wp_safe_redirect( admin_url( 'options-general.php?page=comment-desk' ) );
	exit;
}
add_action( 'admin_post_comment_desk_act', __NAMESPACE__ . '\admin_act' );

/**
 * Returns a report as it would be sent now, of the newest comment, but for its reason: that is none
 * of the house rules, so the desk reads all of the report and keeps nothing of it.
 */
function sample_report(): array {
	$newest  = get_comments( array( 'number' => 1, 'status' => 'approve', 'type' => 'comment' ) );
	$posts   = get_posts( array( 'numberposts' => 1, 'post_status' => 'publish' ) );
	$comment = $newest[0] ?? new WP_Comment(
		(object) array(
			'comment_ID'       => '0',
			'comment_post_ID'  => $posts ? (string) $posts[0]->ID : '0',
			'comment_author'   => 'Comment Desk',
			'comment_content'  => 'A test of Comment Desk.',
			'comment_date_gmt' => gmdate( 'Y-m-d H:i:s' ),
		)
	);
	$report = report_of( $comment, '?', 'comment-desk-test' );
	if ( '' === $report['story']['url'] ) {
		$report['story']['url'] = home_url( '/' );
	}
	if ( '' === $report['comment']['permalink'] ) {
		$report['comment']['permalink'] = home_url( '/' );
	}
	return $report;
}

/** Says whether the desk answers and would take this site's reports; no report is made by that. */
function connection(): string {
	if ( ! is_set_up() ) {
		return __( 'Fill in the address, the name and a secret first.', 'comment-desk' );
	}
	list( $status, $trouble, , $problem ) = post_signed( 'wp-test-' . wp_generate_password( 20, false ), wire( sample_report() ), 5.0 );
	$wrong = array();
	foreach ( (array) ( $problem['errors'] ?? array() ) as $error ) {
		if ( is_array( $error ) && 'reason' !== ( $error['field'] ?? '' ) ) {
			$wrong[] = implode( ' ', array_filter( $error, 'is_string' ) );
		}
	}
	if ( 422 === $status && $problem && array() === $wrong ) {
		settings_changed();
		return __( 'The desk answers and accepts this site\'s signature and name. What was waiting is sent now.', 'comment-desk' );
	}
	if ( 422 === $status && $problem ) {
		/* translators: %s: which parts of a report are wrong, and how. */
		return sprintf( __( 'The desk answers and accepts this site\'s signature and name, but would refuse a report: %s', 'comment-desk' ), implode( '; ', $wrong ) );
	}
	$mend = what_to_mend( $status, $trouble );
	/* translators: %s: what went wrong. */
	return '' !== $mend ? $mend : sprintf( __( 'The desk could not be reached at this address: %s', 'comment-desk' ), $trouble );
}

/** Draws the settings page. */
function settings_page(): void {
	$settings = settings();
	$status   = tell_status();
	$name     = fn( $field ) => esc_attr( OPTION . "[$field]" );
	$said     = get_transient( 'comment_desk_said_' . get_current_user_id() );
	delete_transient( 'comment_desk_said_' . get_current_user_id() );
	?>
	<div class="wrap">
	<h1>Comment Desk</h1>
	<?php if ( is_string( $said ) ) : ?>
	<div class="notice notice-info"><p><?php echo esc_html( $said ); ?></p></div>
	<?php endif; ?>
	<form method="post" action="options.php">
	<?php settings_fields( 'comment_desk' ); ?>
	<table class="form-table" role="presentation">
	<tr><th scope="row"><label for="cd-url"><?php esc_html_e( 'Address of the desk', 'comment-desk' ); ?></label></th>
		<td><input id="cd-url" class="regular-text" type="url" name="<?php echo $name( 'url' ); ?>" value="<?php echo esc_attr( $settings['url'] ); ?>" placeholder="https://desk.example.org">
		<p class="description"><?php esc_html_e( 'Without /v1/reports.', 'comment-desk' ); ?></p></td></tr>
	<tr><th scope="row"><label for="cd-site"><?php esc_html_e( 'Name of this site', 'comment-desk' ); ?></label></th>
		<td><input id="cd-site" class="regular-text" type="text" name="<?php echo $name( 'site' ); ?>" value="<?php echo esc_attr( $settings['site'] ); ?>" maxlength="200">
		<p class="description"><?php esc_html_e( 'As it stands in the settings of the desk.', 'comment-desk' ); ?></p></td></tr>
	<tr><th scope="row"><label for="cd-secrets"><?php esc_html_e( 'Secret', 'comment-desk' ); ?></label></th>
		<td><textarea id="cd-secrets" class="large-text code" rows="2" autocomplete="off" spellcheck="false" name="<?php echo $name( 'secrets' ); ?>" placeholder="<?php echo esc_attr( signing_keys() ? __( 'Set. Leave empty to keep it.', 'comment-desk' ) : 'whsec_...' ); ?>"></textarea>
		<p class="description"><?php esc_html_e( 'Two lines while one secret replaces another.', 'comment-desk' ); ?></p></td></tr>
	<tr><th scope="row"><?php esc_html_e( 'Who may report', 'comment-desk' ); ?></th>
		<td><label><input type="radio" name="<?php echo $name( 'who' ); ?>" value="everyone" <?php checked( $settings['who'], 'everyone' ); ?>> <?php esc_html_e( 'Everyone', 'comment-desk' ); ?></label><br>
		<label><input type="radio" name="<?php echo $name( 'who' ); ?>" value="users" <?php checked( $settings['who'], 'users' ); ?>> <?php esc_html_e( 'Only those who are logged in', 'comment-desk' ); ?></label></td></tr>
	<tr><th scope="row"><?php esc_html_e( 'Link', 'comment-desk' ); ?></th>
		<td><label><input type="checkbox" name="<?php echo $name( 'link' ); ?>" value="1" <?php checked( (bool) $settings['link'] ); ?>> <?php esc_html_e( 'Show "Report this comment" under each comment', 'comment-desk' ); ?></label>
		<p class="description"><?php esc_html_e( 'Take it off if another plugin\'s link does that.', 'comment-desk' ); ?></p></td></tr>
	<tr><th scope="row"><?php esc_html_e( 'Form', 'comment-desk' ); ?></th>
		<td><?php
		echo esc_html(
			'' === readers_url()
				? __( 'This plugin\'s own. The desk says if it has pages for readers, and the form is theirs then.', 'comment-desk' )
				/* translators: %s: an address. */
				: sprintf( __( 'The desk\'s own, from %s. The desk said so.', 'comment-desk' ), readers_url() )
		);
		?></td></tr>
	<tr><th scope="row"><?php esc_html_e( 'Mail', 'comment-desk' ); ?></th>
		<td><label><input type="checkbox" name="<?php echo $name( 'mail' ); ?>" value="1" <?php checked( (bool) $settings['mail'] ); ?>> <?php esc_html_e( 'Tell authors by mail that their comment was hidden, put on hold or is back', 'comment-desk' ); ?></label>
		<p class="description"><?php esc_html_e( 'Only where the desk has pages for readers: the mail leads to the reasons.', 'comment-desk' ); ?></p></td></tr>
	<tr><th scope="row"><label for="cd-rules"><?php esc_html_e( 'House rules', 'comment-desk' ); ?></label></th>
		<td><textarea id="cd-rules" class="large-text code" rows="9" name="<?php echo $name( 'rules' ); ?>"<?php disabled( null !== sent_rules() ); ?>><?php echo esc_textarea( sent_rules()['text'] ?? $settings['rules'] ); ?></textarea>
		<p class="description"><?php echo esc_html( sent_rules() ? __( 'These are the desk\'s own. Change them there.', 'comment-desk' ) : __( 'One a line: number | code | name | text. The desk sends its own as soon as it can.', 'comment-desk' ) ); ?></p></td></tr>
	<tr><th scope="row"><label for="cd-zeno"><?php esc_html_e( 'Zeno Report Comments', 'comment-desk' ); ?></label></th>
		<td><select id="cd-zeno" name="<?php echo $name( 'zeno_reason' ); ?>">
		<?php foreach ( rules() as $rule ) : ?>
			<option value="<?php echo esc_attr( $rule['code'] ); ?>" <?php selected( $settings['zeno_reason'], $rule['code'] ); ?>><?php echo esc_html( $rule['name'] ); ?></option>
		<?php endforeach; ?>
		</select>
		<p class="description"><?php esc_html_e( 'That plugin asks for no reason: reports made with it cite this rule.', 'comment-desk' ); ?></p></td></tr>
	</table>
	<?php submit_button(); ?>
	</form>

	<h2><?php esc_html_e( 'Connection', 'comment-desk' ); ?></h2>
	<?php /* translators: 1: number of reports, 2: number of reports. */ ?>
	<p><?php echo esc_html( sprintf( __( 'Reports waiting: %1$d. Refused or given up: %2$d.', 'comment-desk' ), $status['waiting'], $status['refused'] ) ); ?>
	<?php echo '' === $status['trouble'] ? '' : esc_html( $status['trouble'] ); ?></p>
	<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
	<input type="hidden" name="action" value="comment_desk_act">
	<?php wp_nonce_field( 'comment_desk_act' ); ?>
	<button class="button" name="test" value="1"><?php esc_html_e( 'Test the connection', 'comment-desk' ); ?></button>
	<button class="button" name="send" value="1"><?php esc_html_e( 'Send what is waiting', 'comment-desk' ); ?></button>

	<h2><?php esc_html_e( 'Banned', 'comment-desk' ); ?></h2>
	<?php $running = array_filter( bans(), __NAMESPACE__ . '\is_running' ); ?>
	<?php if ( array() === $running ) : ?>
	<p><?php esc_html_e( 'Nobody.', 'comment-desk' ); ?></p>
	<?php else : ?>
	<table class="widefat striped"><thead><tr><th><?php esc_html_e( 'Author', 'comment-desk' ); ?></th><th><?php esc_html_e( 'Until', 'comment-desk' ); ?></th><th><?php esc_html_e( 'Lift the ban', 'comment-desk' ); ?></th></tr></thead><tbody>
	<?php foreach ( $running as $key => $ban ) : ?>
		<?php $user = 0 === strpos( $key, 'user-' ) ? get_userdata( (int) substr( $key, 5 ) ) : false; ?>
		<tr><td><?php echo esc_html( $user ? $user->display_name . " ($key)" : $key ); ?></td>
		<td><?php echo esc_html( (int) $ban['until'] > 0 ? wp_date( 'Y-m-d H:i', (int) $ban['until'] ) : __( 'for good', 'comment-desk' ) ); ?></td>
		<td><button class="button" name="lift" value="<?php echo esc_attr( $key ); ?>"><?php esc_html_e( 'Lift', 'comment-desk' ); ?></button></td></tr>
	<?php endforeach; ?>
	</tbody></table>
	<?php endif; ?>
	</form>
	</div>
	<?php
}
