from prometheus_client.parser import text_string_to_metric_families

from bot.domain.errors import DeskError
from bot.web.health import Part

from .caller import calling, make_body


async def test_the_process_says_that_it_lives():
    async with calling() as site:
        response = await site.client.get("/healthz")
        assert (response.status, await response.json()) == (200, {"alive": True})


async def test_reports_can_be_taken_while_discord_is_down():
    async with calling() as site:
        site.parts = (
            Part(name="store", ok=True),
            Part(name="discord", ok=False, needed=False, detail="down for 3 minutes"),
        )
        response = await site.client.get("/readyz")
        assert response.status == 200
        assert await response.json() == {
            "ready": True,
            "parts": {
                "store": {"ok": True, "needed": True, "detail": ""},
                "discord": {"ok": False, "needed": False, "detail": "down for 3 minutes"},
            },
        }


async def test_reports_cannot_be_taken_without_the_store():
    async with calling() as site:
        site.parts = (Part(name="store", ok=False, detail="the disk is full"),)
        response = await site.client.get("/readyz")
        assert response.status == 503
        assert not (await response.json())["ready"]


async def test_a_desk_that_cannot_tell_how_it_is_is_not_ready():
    async with calling() as site:
        site.trouble = DeskError("The disk is full.")
        response = await site.client.get("/readyz")
        assert response.status == 503
        assert (await response.json())["parts"]["desk"]["detail"] == "The disk is full."


async def test_what_became_of_requests_and_reports_is_counted():
    async with calling() as site:
        await site.post(make_body())
        await site.post(make_body(reason="rudeness"))
        await site.post(make_body(), webhook_id="a.b")
        await site.batch(make_body(comment__id="b"), {}, make_body(comment__id="c"))
        text = await (await site.client.get("/metrics")).text()
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["comment_desk_reports_total", "counted", "courier"] == 3
    assert samples["comment_desk_reports_total", "courier", "refused"] == 2
    assert samples["comment_desk_http_responses_total", "/v1/reports", "202"] == 1
    assert samples["comment_desk_http_responses_total", "/v1/reports", "401"] == 1
    assert samples["comment_desk_store_seconds_count",] == 2


async def test_unknown_paths_do_not_fill_the_metrics():
    async with calling() as site:
        for n in range(5):
            await site.client.get(f"/nowhere/{n}")
        assert "nowhere" not in await (await site.client.get("/metrics")).text()
