from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.ids import SiteId
from bot.domain.policy import Emoji, Severity
from config.policy import PolicyError, Sites, load_policy, policy_of
from config.settings import Settings

RULE = """\
[[rules]]
number = 1
code = "threats"
name = "Threats"
text = "Do not threaten anybody."
severity = "critical"
notice = "Your comment was removed because it threatens somebody."
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def _write(content: str | bytes) -> Path:
        path = tmp_path / "policy.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


def refused(path: Path) -> list[tuple[int | None, str]]:
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    return [(problem.line, problem.words) for problem in caught.value.problems]


def rule(number: int, code: str, name: str) -> str:
    return (
        RULE.replace("number = 1", f"number = {number}")
        .replace('"threats"', f'"{code}"')
        .replace('"Threats"', f'"{name}"')
    )


def test_the_delivered_policy_loads():
    policy = load_policy()
    assert policy.by_code["harassment"].number == 3
    assert policy.by_number[policy.by_code["threats"].number].severity is Severity.CRITICAL
    assert policy.by_code["graphic"].spoiler
    assert len({policy.emoji.keep, policy.emoji.hide, policy.emoji.ban}) == 3


def test_every_delivered_rule_can_be_typed_by_the_beginning_of_its_name():
    names = [rule.name.casefold()[:3] for rule in load_policy().rules]
    assert len(set(names)) == len(names)


def test_what_is_left_out_has_a_default(write):
    policy = load_policy(write(RULE))
    assert policy.emoji == Emoji()
    assert (policy.strike_days, policy.undo_minutes, policy.calm_backlog) == (365, 10, 5)
    assert not policy.rules[0].spoiler


def test_rules_are_listed_by_number_however_they_are_written(write):
    policy = load_policy(write(rule(7, "spam", "Spam") + rule(2, "hate", "Hate")))
    assert [rule.number for rule in policy.rules] == [2, 7]


def test_a_file_from_windows_is_read(write):
    content = b"\xef\xbb\xbf" + RULE.replace("\n", "\r\n").encode()
    assert load_policy(write(content)).rules[0].code == "threats"


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ('strike_days = 30\nundo_minutes "10"\n', 2, "not TOML"),
        (RULE + 'x = "half', 8, "not TOML"),
        (RULE + "[[rules]\n", 8, "not TOML"),
        ("strike_days = 1\nstrike_days = 2\n" + RULE, 2, "not TOML"),
        ("# a comment\n\nstrike_dais = 30\n" + RULE, 3, "did you mean `strike_days`?"),
        ("[ladder]\nsteps = 3\n" + RULE, 1, "what may stand here: strike_days"),
        (RULE + 'colour = "red"\n', 8, "in rule 1 of the file; what may stand here: number"),
        (RULE + '\n[emoji]\nhode = "🙈"\n', 10, "under [emoji]; did you mean `hide`?"),
        (RULE.replace('name = "Threats"\n', ""), 1, "`name` is missing in rule 1 of the file"),
        (RULE + "\n" + rule(2, "b2", "B").replace("severity", "# "), 9, "`severity` is missing"),
        ("strike_days = 30\n", 1, "`rules` is missing; it should be 1 to 25 tables"),
        ("strike_days = 30\nrules = []\n", 2, "`rules` is a list of 0"),
        ("\nrules = 3\n", 2, "`rules` is 3; it should be 1 to 25 tables"),
        ("\nrules = [3]\n", 2, "this rule is 3; it should be a table"),
        ("emoji = 3\n" + RULE, 1, "`emoji` is 3; it should be a table"),
        (RULE.replace("= 1", '= "one"'), 2, '`number` is "one"; it should be a whole number'),
        (RULE.replace("= 1", "= 1.0"), 2, "`number` is 1.0"),
        (RULE.replace("= 1", "= true"), 2, "`number` is true"),
        (RULE.replace("= 1", "= 0"), 2, "`number` is 0"),
        (RULE.replace("= 1", "= 1000"), 2, "`number` is 1000"),
        (RULE.replace('"threats"', '"Threat words"'), 3, "small letters, digits and hyphens"),
        (RULE.replace('"Threats"', f'"{"T" * 41}"'), 4, "(41 characters)"),
        (RULE.replace('"Threats"', '"3 Threats"'), 4, "beginning with a letter"),
        (RULE.replace('"Threats"', '"Threats\\nand more"'), 4, "on one line"),
        (RULE.replace('"Do not threaten anybody."', '"  "'), 5, "`text`"),
        (RULE.replace('"critical"', '"awful"'), 6, '"low", "medium", "high" or "critical"'),
        (RULE.replace('"critical"', "4"), 6, "`severity` is 4"),
        (RULE + 'spoiler = "yes"\n', 8, "true or false, without quotes"),
        (
            RULE + 'dsa_category = "SPAM"\n',
            8,
            "one of the EU database's categories: ANIMAL_WELFARE",
        ),
        (RULE + "dsa_category = 3\n", 8, "one of the EU database's categories"),
        (RULE + 'dsa_category = "VIOLENCE\\n"\n', 8, "one of the EU database's categories"),
        (RULE + 'dsa_keywords = "OTHER"\n', 8, "at most 5 of the EU database's keywords"),
        (RULE + 'dsa_keywords = ["OTHER", "RUDE"]\n', 8, '`dsa_keywords` holds "RUDE"'),
        ("strike_days = 0\n" + RULE, 1, "days from 1 to 3650"),
        ("\nundo_minutes = -1\n" + RULE, 2, "minutes from 0 to 1440"),
        ("calm_backlog = 2.5\n" + RULE, 1, "cases from 0 to 100"),
        (RULE + '[emoji]\nban = "hammer"\n', 9, "one emoji"),
        (RULE + '[emoji]\nban = ""\n', 9, "one emoji"),
        (RULE + '[emoji]\nban = "✅"\n', 9, "`ban` is the same as `keep`"),
        (RULE + "\n" + rule(1, "other", "Other"), 10, "`number` 1 is taken by the rule in line 2"),
        (RULE + rule(2, "threats", "Other"), 10, "`code` threats is taken by the rule in line 3"),
        (RULE + rule(2, "other", "THREATS"), 11, "`name` THREATS is taken by the rule in line 4"),
        ("".join(rule(n, f"c{n}", f"N{n}") for n in range(1, 27)), 1, "is a list of 26"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(write, content, line, says):
    problems = refused(write(content))
    assert [(at, says in words) for at, words in problems] == [(line, True)], problems


def test_the_delivered_rules_are_filed_in_the_databases_words():
    filed = {rule.code: (rule.dsa.category, *rule.dsa.keywords) for rule in load_policy().rules}
    assert filed["hate"] == ("ILLEGAL_OR_HARMFUL_SPEECH", "HATE_SPEECH")
    assert filed["threats"] == ("VIOLENCE", "INCITEMENT_VIOLENCE_HATRED")
    assert filed["spam"] == ("OTHER_VIOLATION_TC", "OTHER")


def test_a_rule_that_is_filed_nowhere_is_filed_under_the_rest(write):
    assert load_policy(write(RULE)).rules[0].dsa.category == "OTHER_VIOLATION_TC"


def test_lines_are_counted_through_texts_of_many_lines(write):
    content = RULE.replace('"Do not threaten anybody."', '"""\nDo not\n\nname = 3 # threaten"""')
    problems = refused(write(content.replace('"critical"', '"awful"')))
    assert [line for line, _ in problems] == [9]


def test_a_text_of_many_lines_is_named_by_its_first(write):
    content = RULE.replace('"Do not threaten anybody."', '"""\n' + "x\n" * 251 + '"""')
    assert [line for line, _ in refused(write(content))] == [5]


def test_rules_written_inline_are_still_placed(write):
    content = 'strike_days = 3\nrules = [\n  {number = 1},\n]\nundo_minutes = "x"\n'
    lines = [line for line, _ in refused(write(content))]
    assert lines == [2, 2, 2, 2, 2, 5]


def test_all_problems_are_told_at_once_in_the_order_of_the_file(write):
    content = "strike_days = 0\n" + RULE.replace("= 1", "= 0") + "[emoji]\nban = 3\n"
    path = write(content)
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [f"{path}, line {n}" for n in (1, 3, 10)]


def test_a_long_wrong_value_is_cut(write):
    (problem,) = refused(write(RULE.replace('"Threats"', f'"{"x" * 5000}"')))
    assert len(problem[1]) < 300


def test_text_that_is_not_utf8_is_refused_with_its_line(write):
    ((line, words),) = refused(write(RULE.encode() + b"# caf\xe9\n"))
    assert line == 8
    assert "UTF-8" in words


def test_a_missing_file_is_refused_in_words(tmp_path):
    ((line, words),) = refused(tmp_path / "none.toml")
    assert line is None
    assert "No such file" in words


def test_a_folder_is_refused_in_words(tmp_path):
    ((line, words),) = refused(tmp_path)
    assert line is None
    assert "cannot be read" in words


def test_a_custom_emoji_of_the_server_is_taken(write):
    path = write(RULE + '[emoji]\nban = "<a:gavel:123456789012345678>"\nkeep = "1️⃣"\n')
    assert load_policy(path).emoji.ban == "<a:gavel:123456789012345678>"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('time_zone = "Atlantis"', "such as"),
        ('quiet_hours = "25:00-07:00"', "two times"),
        ("budget = 0.0", "false alarms a week"),
        ('digest = "07:30"', "did you mean `digest_at`"),
    ],
)
def test_what_is_wrong_about_alerts_is_said_with_its_line(write, line: str, said: str):
    [(number, words)] = refused(write(f"[alerts]\n{line}\n{RULE}"))
    assert number == 2
    assert said in words


def test_shifts_are_run_as_the_file_says(write):
    rota = '[[rota]]\ndays = ["mon", "sat"]\nhours = "22:00-06:00"\npeople = [11, 12]\n'
    clocks = '[clocks]\nshift_after = 5\nquiet_hours = ""\nurgent = "high"\ndaily_cap = 0\n'
    shift = load_policy(write('blurred_words = ["Scum", "sub*"]\n' + clocks + rota + RULE)).shift
    assert (shift.shift_after, shift.quiet_from, shift.urgent, shift.daily_cap) == (5, None, 3, 0)
    [span] = shift.rota
    assert (span.days, span.people) == ({0, 5}, (11, 12))


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ('[clocks]\nshift_after = "5"\n' + RULE, 2, "whole number of minutes"),
        ("[clocks]\nshift_afer = 5\n" + RULE, 2, "did you mean `shift_after`?"),
        ('[[rota]]\ndays = ["mon"]\nhours = "late"\npeople = [1]\n' + RULE, 3, "two times"),
        ('[[rota]]\ndays = ["mon"]\npeople = [1]\n' + RULE, 1, "`hours` is missing in rota 1"),
        (
            '[[rota]]\ndays = ["mo"]\nhours = "08:00-09:00"\npeople = [1]\n' + RULE,
            2,
            "list of days",
        ),
        ('blurred_words = ["two words"]\n' + RULE, 1, "a list of words"),
        ("[bans]\nladder_days = [0]\n" + RULE, 2, "whole numbers of days"),
        (RULE + 'reasons = [""]\n', 8, "at most 10 texts"),
    ],
)
def test_what_is_wrong_about_shifts_is_named_with_its_line(write, content, line, says):
    [(found, words)] = refused(write(content))
    assert found == line
    assert says in words


def test_whoever_is_told_that_the_point_may_be_made_is_shown_how():
    """A shipped rule whose notice says so invites the author on the page as well, and no other."""
    for rule in load_policy(None).rules:
        says_so = "You are welcome to" in rule.notice or "put it in words" in rule.notice
        assert rule.wording is (says_so or rule.code == "graphic"), rule.code


def limited(sites: str, code: str = "threats", number: int = 1) -> str:
    return rule(number, code, code.title()) + f"sites = {sites}\n"


def sites(*own: str, every: tuple[str, ...] = ("argus", "herald")) -> Sites:
    return Sites(every=frozenset(every), own=frozenset(own or every))


def test_a_rule_may_count_at_some_sites_alone(write):
    path = write(limited('["Herald", "argus"]') + limited('["herald"]', "gossip", 2))
    policy = load_policy(path, sites=sites())
    assert [one.sites for one in policy.rules] == [("argus", "herald"), ("herald",)]
    assert [one.number for one in policy.at(SiteId("argus")).rules] == [1]
    assert [one.number for one in policy.at(SiteId("herald")).rules] == [1, 2]


@pytest.mark.parametrize(
    ("content", "own", "line", "says"),
    [
        (
            limited('["argus", "heral"]'),
            ("argus",),
            8,
            '"heral", which is not set up; the sites: argus, herald',
        ),
        (limited('["argus"]'), ("argus", "herald"), None, "counts at the site herald"),
        (limited('["argus"]') + limited('["argus"]', "b-rule", 2), ("herald",), None, "herald"),
    ],
)
def test_a_rule_for_a_site_that_is_not_there_and_a_site_without_a_rule_are_refused(
    write, content: str, own: tuple[str, ...], line: int | None, says: str
):
    with pytest.raises(PolicyError) as caught:
        load_policy(write(content), sites=sites(*own))
    [problem] = caught.value.problems
    assert problem.line == line
    assert says in problem.words


@pytest.mark.parametrize("value", ['"argus"', "[]", "[1]", '[""]', "true"])
def test_what_is_no_list_of_sites_is_refused_with_its_line(write, value: str):
    [(line, words)] = refused(write(limited(value)))
    assert line == 8
    assert "short names of sites" in words


@pytest.mark.parametrize("newsroom", ["first", "herald"])
def test_a_group_may_share_one_file_with_rules_for_each_of_its_sites(write, newsroom: str):
    path = write(limited('["courier"]') + limited('["herald"]', "gossip", 2))
    secret = "whsec_" + "aW5jb21pbmctc2VjcmV0LWZvci10aGUtam91cm5leXM="
    site = {
        "secrets": [secret],
        "reporter_salt": "a salt of more than sixteen characters",
        "url": "https://courier.example/desk",
        "outgoing_secrets": [secret],
    }
    desk = Settings(
        _env_file=None,  # type: ignore[call-arg]
        discord={"token": "t", "guild_id": 10, "channel_id": 11},
        sites={"courier": site, "herald": site},
        newsrooms={"herald": {"guild_id": 20, "channel_id": 21, "sites": ["herald"]}},
        policy=path,
    )
    policy = policy_of(desk.of(newsroom))
    own = SiteId("courier" if newsroom == "first" else "herald")
    # Of what counts at the other's site alone it hears nothing.
    assert [one.number for one in policy.rules] == [1 if newsroom == "first" else 2]
    assert policy.at(own).rules == policy.rules
    path.write_text(limited('["curier"]'))
    with pytest.raises(PolicyError, match="curier"):
        policy_of(desk.of(newsroom))
