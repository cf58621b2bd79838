#!/bin/sh
# verify --dns live against the real Postfix: what the facts lack comes from the DNS, and nothing stays open.
. tests/tap.sh

needs_lab

mkdir "$tmp/config"
cat >"$tmp/config/main.cf" <<'END'
compatibility_level = 3.6
myhostname = mx.lab.example
mydestination = lab.example
smtpd_client_restrictions = reject_unknown_client_hostname
smtpd_helo_required = yes
smtpd_helo_restrictions = reject_unknown_helo_hostname
smtpd_sender_restrictions = reject_unknown_sender_domain,
	check_sender_mx_access inline:{{198.51.100.25=550 mail hosts of that kind}}
smtpd_recipient_restrictions = permit_mynetworks, reject_rbl_client bl.example, reject_unauth_destination
END
cat >"$tmp/facts.json" <<'END'
{"hostname": "mx.lab.example", "dns": {
 "ptr 203.0.113.5": "client.example", "address client.example": ["203.0.113.5"],
 "address probe.example": ["203.0.113.5"],
 "mx sender.example": ["10 in.sender.example"], "address in.sender.example": ["198.51.100.25"],
 "mx alias.example": "none", "cname alias.example": "other.example", "mx other.example": ["5 mx.other.example"],
 "address mx.other.example": ["198.51.100.26"],
 "list 203.0.113.5 bl.example": ["127.0.0.2"], "txt 5.113.0.203.bl.example": ["listed, for a test"]}}
END
# The same records from a name server of the clients' side; prints the counts of each run's verdicts.
cat >"$tmp/play" <<'END'
import json, os, subprocess, sys
sys.path.insert(0, "tests/fake")
from dns_server import Server
folder = sys.argv[1]
with open(folder + "/all.json") as f:
    facts = json.load(f)
server = Server(facts.pop("dns"))
del facts["dns_complete"]
with open(folder + "/rest.json", "w") as f:
    json.dump(facts, f)
for name, sender, dns in (("without", "a@sender.example", []), ("mail-host", "a@sender.example", ["--dns", f"live@127.0.0.1:{server.port}"]),
                          ("alias", "a@alias.example", ["--dns", f"live@127.0.0.1:{server.port}"]),
                          ("nowhere", "a@nosuch.example", ["--dns", f"live@127.0.0.1:{server.port}"])):
    done = subprocess.run([os.environ["MTAPROOF"], "verify", folder + "/config", os.environ["MTAPROOF_SERVER"], "--facts", folder + "/rest.json",
                           "--suite", "relay", "--sender", sender, "--helo", "probe.example", "--local", "root@lab.example",
                           "--format", "json", *dns], stdout=subprocess.PIPE, text=True, check=False)
    report = json.loads(done.stdout)
    s = report["summary"]
    print(name, "confirmed", "some" if s["confirmed"] > 5 else s["confirmed"], "possible", "some" if s["possible"] > 5 else s["possible"],
          "mismatch", s["mismatch"], "inconclusive", s["inconclusive"], "open", len(report.get("live_dns", {"open": []})["open"]))
    if not dns:
        assert "live_dns" not in report and "dns" not in report["facts"]
END
run "$MTAPROOF" lab "$tmp/config" --mta-root "$root" --facts "$tmp/facts.json" --quiet --print-facts "$tmp/all.json" \
	--run python3 "$tmp/play" "$tmp"
status_is 0 "four runs of verify in the lab"
out_has '^without confirmed (some|[0-9]+) possible some mismatch 0 ' "without the DNS most is only possible"
out_has '^mail-host confirmed some possible 0 mismatch 0 inconclusive [0-9]+ open 0$' "with it all is confirmed"
out_has '^alias confirmed some possible 0 mismatch 0 inconclusive [0-9]+ open 0$' "by way of a CNAME, too"
out_has '^nowhere confirmed some possible 0 mismatch 0 inconclusive [0-9]+ open 0$' "and of a domain that is not there"
done_testing
