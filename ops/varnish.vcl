# Varnish 7 between a proxy that ends TLS and a Broadsheet on the same machine.
#
# Copy this file and varnish-xkey.vcl (or varnish-ban.vcl) to /etc/varnish/, put your host name where news.example
# stands, and start varnishd with the words of varnish-override.conf. Two of them are needed here:
#   -a purge=127.0.0.1:6082        a socket of its own, for purges alone; the proxy must never pass anything to it
#   -p http_gzip_support=off       or Varnish turns every Accept-Encoding into gzip, and nobody gets br
# In broadsheet.toml: outer_cache = "varnish+xkey://127.0.0.1:6082"
vcl 4.1;

import std;

# Which way pages are purged. xkey needs the package varnish-modules; bans need nothing, but cost more, and are never
# soft. The option outer_cache must begin with the same word.
include "./varnish-xkey.vcl";
# include "./varnish-ban.vcl";

backend edge {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 1s;
    # The edge answers within two seconds, whatever stands behind it; a form within ten.
    .first_byte_timeout = 12s;
    .between_bytes_timeout = 10s;
    .probe = {
        .url = "/healthz";
        .interval = 2s;
        .timeout = 1s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

# Who may purge: the machine of the relay. Name others here when the relay runs elsewhere.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    # Set where a first fetch has failed, see vcl_backend_response.
    if (req.restarts == 0) {
        unset req.http.Second-Look;
    } else {
        set req.http.Second-Look = "1";
    }

    # All readers come from the proxy's address, so an address alone proves nothing: hence the socket.
    if (req.method == "PURGE" || req.method == "BAN") {
        if (local.socket != "purge" || client.ip !~ purgers) {
            return (synth(403, "Forbidden"));
        }
        call purge_tags;
        return (synth(405, "Purges the other way"));
    }
    if (local.socket == "purge") {
        return (synth(405, "Purges alone"));
    }

    # One spelling of the host, or each would be kept for itself. Others' names are no business of ours.
    set req.http.Host = regsub(std.tolower(req.http.Host), "\.?(:[0-9]+)?$", "");
    if (req.http.Host != "news.example") {
        return (synth(421, "Wrong host"));
    }

    # The edge makes links from its settings; what a client says of the way it came must not get further.
    unset req.http.Forwarded;
    unset req.http.X-Forwarded-For;
    unset req.http.X-Forwarded-Host;
    unset req.http.X-Forwarded-Port;
    unset req.http.X-Forwarded-Prefix;
    unset req.http.X-Forwarded-Proto;
    unset req.http.X-Forwarded-Scheme;
    unset req.http.X-Forwarded-Server;
    unset req.http.X-Host;
    unset req.http.X-Original-Host;
    unset req.http.X-Original-URL;
    unset req.http.X-Rewrite-URL;
    unset req.http.X-HTTP-Method-Override;
    unset req.http.X-Real-IP;
    unset req.http.Proxy;
    unset req.http.Authorization;

    if (req.method != "GET" && req.method != "HEAD" && req.method != "POST") {
        return (synth(405, "Only GET and HEAD"));
    }
    # The readers' site has no cookies.
    unset req.http.Cookie;
    # Forms, the choice of a language and the health are never kept.
    if (req.method == "POST" || req.url ~ "^/(\?|$)" || req.url ~ "^/healthz(\?|$)") {
        return (pass);
    }

    # What others hang on our links means nothing to us.
    if (req.url ~ "[?&](utm_[a-z_]+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[a-z]+)=") {
        set req.url = regsuball(req.url, "(utm_[a-z_]+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[a-z]+)=[^&]*&?", "");
        set req.url = regsub(req.url, "[?&]+$", "");
    }

    # One spelling of each wish for an encoding: br, gzip or none. A q of 0 means: not this one.
    if (req.http.Accept-Encoding ~ "(?i)(^|[, \t])br[ \t]*(,|$|;[ \t]*q=(1|0?\.0*[1-9]))") {
        set req.http.Accept-Encoding = "br";
    } elsif (req.http.Accept-Encoding ~ "(?i)(^|[, \t])gzip[ \t]*(,|$|;[ \t]*q=(1|0?\.0*[1-9]))") {
        set req.http.Accept-Encoding = "gzip";
    } else {
        unset req.http.Accept-Encoding;
    }

    # A page whose time is over, or that was purged softly, is given while a new one is fetched: for a minute when the
    # edge is well, for a day when it does not answer. One that was purged hard is gone in any case.
    if (std.healthy(req.backend_hint) && req.restarts == 0) {
        set req.grace = 60s;
    } else {
        set req.grace = 24h;
    }
    return (hash);
}

sub vcl_backend_response {
    set beresp.keep = 0s;
    if (beresp.http.Surrogate-Key) {
        # `*` stands on every page.
        set beresp.http.xkey = "* " + beresp.http.Surrogate-Key;
    }
    if (beresp.http.Surrogate-Control ~ "max-age=[0-9]+") {
        # The edge says how long the cache that it purges may keep the page; 0 on a stale copy.
        set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, "^.*max-age=([0-9]+).*$", "\1s"), 0s);
        set beresp.grace = 24h;
    } elsif (beresp.http.Cache-Control ~ "(?i)no-store|no-cache|private" || !beresp.http.Cache-Control) {
        set beresp.ttl = 0s;
    }
    unset beresp.http.Surrogate-Control;

    # Never keep a fault, least of all in place of a page that is still there. It would hide an old copy for the moment
    # of its own short life, so it is dropped, and vcl_synth looks once more; what comes then is what the reader gets.
    if (beresp.status >= 500) {
        if (bereq.is_bgfetch || (bereq.method != "POST" && !bereq.http.Second-Look)) {
            return (abandon);
        }
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
        return (deliver);
    }
    if (beresp.ttl <= 0s || beresp.http.Set-Cookie) {
        # Remembered for a second, so that those who come now need not wait for each other.
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        set beresp.grace = 0s;
    }
    return (deliver);
}

sub vcl_deliver {
    # Readers need not know how we purge. If a CDN in front is purged too, keep Surrogate-Key and Cache-Tag.
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.Cache-Tag;
    unset resp.http.Via;
    unset resp.http.X-Varnish;
}

sub vcl_synth {
    # The edge has failed: look once more, for a copy of whatever age.
    if (resp.status == 503 && req.restarts == 0 && req.method != "POST") {
        return (restart);
    }
    set resp.http.Cache-Control = "no-store";
    set resp.http.Content-Type = "text/plain; charset=utf-8";
    set resp.body = resp.reason + {"
"};
    return (deliver);
}

sub vcl_backend_error {
    if (bereq.is_bgfetch || (bereq.method != "POST" && !bereq.http.Second-Look)) {
        return (abandon);
    }
    set beresp.http.Cache-Control = "no-store";
    set beresp.http.Content-Type = "text/plain; charset=utf-8";
    set beresp.http.Retry-After = "5";
    set beresp.body = {"Unavailable, please try again
"};
    return (deliver);
}
