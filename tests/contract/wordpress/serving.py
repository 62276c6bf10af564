"""What serves a WordPress: PHP's own server, or nginx with php-fpm as many newsrooms have it."""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

from tests.support.machine import Process

HERE = Path(__file__).parent / "site"

_FPM = """
[global]
error_log = {folder}/fpm.log
daemonize = no
[www]
{owner}
listen = {folder}/fpm.sock
pm = static
pm.max_children = 4
clear_env = no
catch_workers_output = yes
php_admin_value[opcache.validate_timestamps] = 0
"""
_NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
{owner}
events {{ worker_connections 64; }}
http {{
    access_log off;
    default_type application/octet-stream;
    types {{ text/html html; text/css css; text/javascript js; image/svg+xml svg; image/png png; font/woff2 woff2; }}
    client_body_temp_path {folder}/body;
    fastcgi_temp_path {folder}/fastcgi;
    proxy_temp_path {folder}/proxy;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    fastcgi_cache_path {folder}/pages keys_zone=pages:1m;
    map $http_x_cached $uncached {{ default 1; yes 0; }}
    server {{
        listen {address};
        root {root};
        index index.php;
        location / {{ try_files $uri $uri/ /index.php?$args; }}
        location = /hand-of-the-test {{
            include {given};
            fastcgi_param SCRIPT_FILENAME {here}/router.php;
            fastcgi_pass unix:{folder}/fpm.sock;
        }}
        location ~ \\.php$ {{
            try_files $uri =404;
            include {given};
            fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
            fastcgi_pass unix:{folder}/fpm.sock;
            # Pages are kept for whoever asks for that, as long as their headers let them be.
            fastcgi_cache pages;
            fastcgi_cache_key $host$request_uri;
            fastcgi_cache_valid 200 10m;
            fastcgi_cache_bypass $uncached;
            fastcgi_no_cache $uncached;
            add_header X-Cache $upstream_cache_status;
        }}
    }}
}}
"""
_GIVEN = """
fastcgi_param QUERY_STRING $query_string;
fastcgi_param REQUEST_METHOD $request_method;
fastcgi_param CONTENT_TYPE $content_type;
fastcgi_param CONTENT_LENGTH $content_length;
fastcgi_param SCRIPT_NAME $fastcgi_script_name;
fastcgi_param REQUEST_URI $request_uri;
fastcgi_param DOCUMENT_URI $document_uri;
fastcgi_param DOCUMENT_ROOT $document_root;
fastcgi_param SERVER_PROTOCOL $server_protocol;
fastcgi_param REMOTE_ADDR $remote_addr;
fastcgi_param SERVER_ADDR $server_addr;
fastcgi_param SERVER_PORT $server_port;
fastcgi_param SERVER_NAME $server_name;
"""


def with_php(stack: ExitStack, root: Path, address: str, environment: dict[str, str]) -> Process:
    """Serve with PHP's own server."""
    return Process(
        stack,
        "php",
        *("-d", "opcache.enable_cli=1", "-d", "opcache.validate_timestamps=0"),
        *("-S", address, "-t", str(root)),
        str(HERE / "router.php"),
        log=root.parent / "php.log",
        environment=environment,
    )


def with_nginx(stack: ExitStack, root: Path, address: str, environment: dict[str, str]) -> Process:
    """Serve with nginx and php-fpm, whose programs the environment names."""
    folder, is_root = root.parent, os.geteuid() == 0
    (folder / "given").write_text(_GIVEN)
    (folder / "fpm.conf").write_text(
        _FPM.format(folder=folder, owner="user = root\ngroup = root" if is_root else "")
    )
    (folder / "nginx.conf").write_text(
        _NGINX.format(
            folder=folder,
            root=root,
            here=HERE,
            address=address,
            given=folder / "given",
            owner="user root;" if is_root else "",
        )
    )
    fpm = Process(
        stack,
        os.environ["DESK_PHP_FPM"],
        *("-y", str(folder / "fpm.conf"), *(["-R"] if is_root else [])),
        log=folder / "php.log",
        environment=environment,
    )
    fpm.until((folder / "fpm.sock").exists)
    nginx = shutil.which(os.environ["DESK_NGINX"]) or os.environ["DESK_NGINX"]
    return Process(
        stack, nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log"),
        log=folder / "nginx.out",
    )  # fmt: skip
