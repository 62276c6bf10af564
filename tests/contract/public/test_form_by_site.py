"""The report form of a site lists the house rules that count there, and takes no others."""

from dataclasses import replace
from pathlib import Path

from aiohttp import ClientSession

from bot.domain.ids import SiteId
from bot.store.sqlite import open_store
from tests.contract.public.readers import open_readers, ticket
from tests.contract.public.test_form import origin, post
from tests.services.desks import Bench
from tests.support.fresh import new_desk


async def test_the_form_has_the_rules_of_its_site(tmp_path: Path, http: ClientSession):
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        bench = Bench(store)
        at = {"hate": SiteId("argus"), "spam": SiteId("courier")}
        rules = tuple(
            replace(one, sites=(at[one.code],)) if one.code in at else one
            for one in bench.policy.rules
        )
        shared = replace(bench, policy=replace(bench.policy, rules=rules))
        async with open_readers(shared) as readers:
            headers = {"Origin": origin(readers)}
            url = f"{readers.url}/v1/sites/courier/form"
            async with http.get(url, headers=headers) as answer:
                codes = [one["code"] for one in (await answer.json())["rules"]]
            assert "hate" not in codes
            assert {"spam", "threats", "other"} <= set(codes)
            async with http.post(
                f"{readers.url}/report/courier", data={"ticket": ticket()}
            ) as answer:
                page = await answer.text()
            assert 'value="hate"' not in page
            assert 'value="spam"' in page
            status, said = await post(readers, http, reason="hate")
            assert (status, said["field"]) == (422, "reason")
            assert (await post(readers, http, reason="spam"))[0] == 201
