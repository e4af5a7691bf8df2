# Purges by bans, for varnish.vcl where the module xkey is not to be had. A ban looks at what was kept, not at the
# request, so that Varnish's lurker can work it off in the background.
sub purge_tags {
    if (req.method == "BAN" && req.http.Surrogate-Key-Pattern ~ "^[A-Za-z0-9:_|.\[\]-]+$") {
        # Blanks part the words of a ban, also within quotes: hence \s.
        if (std.ban("obj.http.xkey ~ (^|\s)(" + req.http.Surrogate-Key-Pattern + ")(\s|$)")) {
            set req.http.Purged = "some";
            return (synth(200, "Purged"));
        }
        return (synth(500, std.ban_error()));
    }
}

sub vcl_synth {
    if (req.http.Purged && resp.status == 200) {
        # The relay takes an answer without it for somebody else's.
        set resp.http.Purged = req.http.Purged;
    }
}
