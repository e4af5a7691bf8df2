# Purges by surrogate key, for varnish.vcl. Needs `apt install varnish-modules`.
import xkey;

sub purge_tags {
    if (req.method == "PURGE" && req.http.Surrogate-Key) {
        if (req.http.Purge-Mode == "soft") {
            set req.http.Purged = xkey.softpurge(req.http.Surrogate-Key);
        } else {
            set req.http.Purged = xkey.purge(req.http.Surrogate-Key);
        }
        return (synth(200, "Purged"));
    }
}

sub vcl_synth {
    if (req.http.Purged && resp.status == 200) {
        # How many pages; the relay takes an answer without it for somebody else's.
        set resp.http.Purged = req.http.Purged;
    }
}
