"""What every adapter must do; a subclass gives the fixtures `vendor` (a server, running) and `make` (the adapter)."""

from __future__ import annotations

import logging
import socket
import traceback

import pytest

from broadsheet.edge.outer.errors import OuterPurgeFailed
from broadsheet.edge.replies import OVERFULL

from .vendors import TOKEN


class OuterCacheContract:
    """Run against an adapter by naming the class Test… and giving it the fixtures."""

    @pytest.fixture
    def cache(self, make):
        return make()

    def test_tags_arrive_each_once_with_that_of_overfull_pages(self, cache, vendor):
        cache.purge(["section:7", "article:1", "section:7", "layout:sr-Latn"], hard=True)
        [taken] = vendor.taken
        assert vendor.tags(taken) == sorted(["article:1", "section:7", "layout:sr-Latn", OVERFULL])

    def test_softness_is_told_where_it_exists(self, cache, vendor):
        cache.purge({"front:en"}, hard=False)
        cache.purge({"front:en"}, hard=True)
        soft, hard = map(vendor.is_soft, vendor.taken)
        assert (soft, hard) in ((True, False), (None, None))

    def test_many_tags_come_in_pieces_that_the_cache_takes(self, cache, vendor):
        tags = {f"article:{number}" for number in range(700)} | {f"topic:{'x' * 240}{number}" for number in range(40)}
        cache.purge(tags, hard=True)
        arrived = [tag for taken in vendor.taken for tag in vendor.tags(taken)]
        assert len(vendor.taken) > 1 and len(arrived) == len(set(arrived)) and set(arrived) == tags | {OVERFULL}

    def test_everything_can_be_purged(self, cache, vendor):
        for hard in (True, False):
            cache.purge({"*", "article:1"}, hard=hard)
        assert len(vendor.taken) == 2 and all(map(vendor.is_for_everything, vendor.taken))

    def test_nothing_is_asked_for_no_tags(self, cache, vendor):
        cache.purge([], hard=True)
        assert vendor.taken == []

    @pytest.mark.parametrize("tag", ["", "two words", "a,b", "line\r\nHost: evil", "ünï", "x" * 256])
    def test_what_is_no_tag_is_refused_before_anything_is_sent(self, cache, vendor, tag):
        with pytest.raises(OuterPurgeFailed, match="is no tag") as refused:
            cache.purge({"article:1", tag}, hard=True)
        assert refused.value.permanent and vendor.taken == []

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 501])
    def test_refusal_that_stays_is_permanent(self, cache, vendor, status):
        vendor.mood = status
        with pytest.raises(OuterPurgeFailed, match=str(status)) as refused:
            cache.purge({"article:1"}, hard=True)
        assert refused.value.permanent

    @pytest.mark.parametrize("mood", [429, 408, 500, 502, 503, "cut", "garbage"])
    def test_failure_that_may_pass_is_temporary(self, cache, vendor, mood):
        vendor.mood = mood
        with pytest.raises(OuterPurgeFailed) as failed:
            cache.purge({"article:1"}, hard=True)
        assert not failed.value.permanent
        vendor.mood = None
        cache.purge({"article:1"}, hard=True)

    def test_silence_ends(self, make, vendor):
        vendor.mood = "silent"
        with pytest.raises(OuterPurgeFailed, match="no answer in time") as failed:
            make(patience_s=0.2).purge({"article:1"}, hard=True)
        assert not failed.value.permanent

    def test_nobody_there_is_temporary(self, make):
        with socket.socket() as unheard:
            unheard.bind(("127.0.0.1", 0))
            cache = make(port=unheard.getsockname()[1])
            with pytest.raises(OuterPurgeFailed, match="cannot be reached") as failed:
                cache.purge({"article:1"}, hard=True)
        assert not failed.value.permanent

    def test_redirect_is_not_followed(self, cache, vendor):
        vendor.mood = "moved"
        with pytest.raises(OuterPurgeFailed, match="302") as failed:
            cache.purge({"article:1"}, hard=True)
        assert failed.value.permanent and len(vendor.taken) == 1

    def test_answer_of_somebody_else_is_no_success(self, cache, vendor):
        vendor.mood = "somebody else"
        with pytest.raises(OuterPurgeFailed):
            cache.purge({"article:1"}, hard=True)

    @pytest.mark.parametrize("mood", [401, 500, "garbage", "cut", "moved"])
    def test_token_and_answers_are_never_told(self, cache, vendor, mood, caplog):
        caplog.set_level(logging.DEBUG)
        vendor.mood = mood
        with pytest.raises(OuterPurgeFailed) as failed:
            cache.purge({"article:1"}, hard=False)
        told = "".join(traceback.format_exception(failed.value)) + repr(failed.value) + repr(cache) + caplog.text
        assert TOKEN not in told
