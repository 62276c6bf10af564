"""The file that starts a desk of several processes: what it starts, how, and behind which proxy.

tests/journey/test_processes.py runs the same processes without Docker.
"""

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from bot.web.intake import BATCH_LIMIT
from config.public import PublicSettings
from config.settings import Settings
from tests.contract.operations.test_container import service
from tests.support.composed import composed, processes


def test_it_starts_two_that_take_reports_one_that_delivers_and_two_gateways():
    assert Counter(one.only for one in processes()) == {"web": 2, "deliver": 1, "gateway": 2}
    assert all(one.stands_by == (one.only == "gateway") for one in processes())
    assert {"postgres", "proxy"} <= composed()["services"].keys()


def test_its_processes_are_shut_in_as_the_one_desk_is():
    alone = service()
    for one in processes():
        for name in (
            "build",
            "image",
            "env_file",
            "user",
            "read_only",
            "tmpfs",
            "cap_drop",
            "security_opt",
            "pids_limit",
            "mem_limit",
            "restart",
            "stop_grace_period",
        ):
            assert one.service[name] == alone[name], name
        assert "ports" not in one.service


def test_what_it_sets_are_settings_and_the_record_is_on_its_server():
    for one in processes():
        environment = one.service["environment"]
        for name in environment:
            group, _, rest = name.removeprefix("DESK_").lower().partition("__")
            field = Settings.model_fields[group]
            assert not rest or rest in type(field.default).model_fields, name
        server = environment["DESK_DATABASE_URL"]
        account, _, place = server.removeprefix("postgresql://").partition("@")
        database = composed()["services"]["postgres"]["environment"]
        assert account.partition(":")[0] == database["POSTGRES_USER"]
        assert place == f"postgres/{database['POSTGRES_DB']}"
        assert f"{account.partition(':')[2]}" == database["POSTGRES_PASSWORD"]


def test_both_gateways_keep_what_lies_beside_the_record_in_one_place():
    kept = [one.service["volumes"] for one in processes() if one.only == "gateway"]
    assert kept == [["desk:/data"]] * 2


def conf() -> str:
    return composed()["configs"]["proxy"]["content"].replace("$$", "$")


def test_the_proxy_knows_every_process_that_takes_reports_and_lets_a_whole_batch_pass():
    webs = {one.name for one in processes() if one.only == "web"}
    for port in (8080, PublicSettings.model_fields["port"].default):
        assert set(re.findall(rf"server (\S+):{port} ", conf())) == webs
        assert f"listen {port};" in conf()
        assert f"127.0.0.1:{port}:{port}" in composed()["services"]["proxy"]["ports"]
    assert f"client_max_body_size {BATCH_LIMIT // 1024**2}m;" in conf()
    assert all(one.startswith("127.0.0.1:") for one in composed()["services"]["proxy"]["ports"])


def test_the_proxy_leaves_to_the_one_before_it_who_a_reader_is():
    """The desk takes the last address for the reader's, which here would be the machine's own."""
    pages = conf().partition("upstream readers")[2]
    assert "proxy_pass http://readers;" in pages
    assert "X-Forwarded-For" not in pages
    assert PublicSettings.model_fields["behind_proxy"].default


def test_nginx_understands_how_the_proxy_is_set_up(tmp_path: Path):
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if nginx is None:
        pytest.skip("there is no nginx here")
    # An older one asks for addresses once, as it starts, and here there are none by these names.
    text = re.sub(r"web-\d:(\d+) resolve", r"127.0.0.1:\1", conf())
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid; error_log stderr;\n{text}")
    said = subprocess.run(  # noqa: S603 - ours
        [nginx, "-t", "-q", "-p", tmp_path, "-c", tmp_path / "nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
