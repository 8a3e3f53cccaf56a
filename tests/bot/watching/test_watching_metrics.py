"""The figures for Prometheus: what is counted, what is read, and what never gets into a label."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.watching.metrics import Index, Metrics, Standing, Waiting

STANDING = Standing(
    tickets={"new": Waiting(2, 90.0), "closed": Waiting(5)}, inbox=Waiting(1, 3.0), outbox=Waiting(4, 20.0),
    index=Index(7, 3600.0, 12, 340))


def figures(metrics: Metrics) -> dict[str, float]:
    """All samples as Prometheus reads them: `name{label values}`, labels sorted."""
    found = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            labels = ",".join(value for _, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_what_happens_is_counted() -> None:
    metrics = Metrics()
    metrics.questions(["answer", "handover"], 0.4)
    metrics.sent("answer", 0.9)
    metrics.sent("card", 7.0)
    metrics.sent("ops", None)
    metrics.slack_error("chat.postMessage", "is_archived")
    metrics.given_up("message")
    metrics.target_missed("first_response", "urgent")
    found = figures(metrics)
    assert found["floorwalker_questions_total{answer}"] == found["floorwalker_questions_total{handover}"] == 1
    assert found["floorwalker_questions_total{clarify}"] == 0
    assert found["floorwalker_answer_seconds_count{written}"] == 2
    assert found["floorwalker_answer_seconds_count{sent}"] == 1, "only of messages with which a question ends"
    assert found["floorwalker_answer_seconds_sum{sent}"] == pytest.approx(0.9)
    assert found["floorwalker_messages_sent_total{card}"] == 1
    assert found["floorwalker_slack_errors_total{is_archived,chat.postMessage}"] == 1
    assert found["floorwalker_given_up_total{message}"] == 1
    assert found["floorwalker_targets_missed_total{urgent,first_response}"] == 1
    assert not [name for name in found if name.endswith("_created")]


def test_how_things_stand_is_read_at_each_scrape() -> None:
    metrics, reads = Metrics(), []

    def read() -> Standing:
        reads.append(1)
        return STANDING

    metrics.watch(read)
    assert reads == []
    found = figures(metrics)
    assert found["floorwalker_tickets{new}"] == 2
    assert found["floorwalker_ticket_oldest_age_seconds{new}"] == 90
    assert found["floorwalker_tickets{closed}"] == 5
    assert (found["floorwalker_inbox_items"], found["floorwalker_inbox_oldest_age_seconds"]) == (1, 3)
    assert (found["floorwalker_outbox_messages"], found["floorwalker_outbox_oldest_age_seconds"]) == (4, 20)
    assert (found["floorwalker_index_generation"], found["floorwalker_index_age_seconds"]) == (7, 3600)
    assert (found["floorwalker_index_documents"], found["floorwalker_index_passages"]) == (12, 340)
    figures(metrics)
    assert len(reads) == 2


def test_where_nothing_can_be_read_the_counters_are_there_all_the_same() -> None:
    metrics = Metrics()

    def read() -> Standing:
        raise OSError

    metrics.watch(read)
    metrics.questions(["answer"], 1.0)
    found = figures(metrics)
    assert found["floorwalker_questions_total{answer}"] == 1
    assert "floorwalker_inbox_items" not in found


def test_two_bots_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.questions(["answer"], 1.0)
    assert figures(other)["floorwalker_questions_total{answer}"] == 0


def test_an_error_that_is_no_word_is_counted_as_another() -> None:
    metrics = Metrics()
    metrics.slack_error("chat.postMessage", "a sentence: with the text of somebody")
    assert figures(metrics)["floorwalker_slack_errors_total{other,chat.postMessage}"] == 1
