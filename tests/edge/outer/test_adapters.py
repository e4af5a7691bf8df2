"""The adapters against servers of our own that do what the makers of the caches document."""

from __future__ import annotations

import pytest

from broadsheet.edge.outer.cloudflare import Cloudflare
from broadsheet.edge.outer.errors import OuterPurgeFailed
from broadsheet.edge.outer.fastly import Fastly
from broadsheet.edge.outer.varnish import Varnish

from .contract import OuterCacheContract
from .vendors import TOKEN, FakeBan, FakeCloudflare, FakeFastly, FakeXkey, serving

pytestmark = pytest.mark.slow

PATIENCE_S = 10.0


class TestVarnishXkey(OuterCacheContract):
    @pytest.fixture
    def vendor(self):
        with serving(FakeXkey()) as vendor:
            yield vendor

    @pytest.fixture
    def make(self, vendor):
        return lambda port=0, patience_s=PATIENCE_S: Varnish(
            [f"127.0.0.1:{port or vendor.port}"], is_xkey=True, patience_s=patience_s
        )

    def test_all_are_purged_when_one_of_several_fails(self, vendor):
        with serving(FakeXkey(mood=403)) as refusing, serving(FakeXkey()) as last:
            places = [f"127.0.0.1:{one.port}" for one in (vendor, refusing, last)]
            with pytest.raises(OuterPurgeFailed, match=f"{places[1]} answers 403") as failed:
                Varnish(places, is_xkey=True).purge({"article:1"}, hard=True)
            assert failed.value.permanent and len(vendor.taken) == len(last.taken) == 1
            last.mood = 503
            with pytest.raises(OuterPurgeFailed, match=r"403.*; .*503") as failed:
                Varnish(places, is_xkey=True).purge({"article:1"}, hard=True)
            assert not failed.value.permanent


class TestVarnishBan(OuterCacheContract):
    @pytest.fixture
    def vendor(self):
        with serving(FakeBan()) as vendor:
            yield vendor

    @pytest.fixture
    def make(self, vendor):
        return lambda port=0, patience_s=PATIENCE_S: Varnish(
            [f"127.0.0.1:{port or vendor.port}"], is_xkey=False, patience_s=patience_s
        )


class TestFastly(OuterCacheContract):
    @pytest.fixture
    def vendor(self):
        with serving(FakeFastly()) as vendor:
            yield vendor

    @pytest.fixture
    def make(self, vendor):
        return lambda port=0, patience_s=PATIENCE_S: Fastly(
            "SU1Z0isxPaozGVKXdv0eY", TOKEN, api=f"http://127.0.0.1:{port or vendor.port}", patience_s=patience_s
        )

    def test_256_keys_go_in_one_request(self, cache, vendor):
        cache.purge({f"article:{number}" for number in range(600)}, hard=False)
        assert [len(vendor.tags(taken)) for taken in vendor.taken] == [256, 256, 89]


class TestCloudflare(OuterCacheContract):
    @pytest.fixture
    def vendor(self):
        with serving(FakeCloudflare()) as vendor:
            yield vendor

    @pytest.fixture
    def make(self, vendor):
        return lambda port=0, patience_s=PATIENCE_S: Cloudflare(
            "023e105f4ecef8ad9ca31a8372d0c353",
            TOKEN,
            api=f"http://127.0.0.1:{port or vendor.port}",
            patience_s=patience_s,
        )

    def test_30_tags_go_in_one_request(self, cache, vendor):
        cache.purge({f"article:{number}" for number in range(60)}, hard=True)
        assert [len(vendor.tags(taken)) for taken in vendor.taken] == [30, 30, 1]
