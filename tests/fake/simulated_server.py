"""A server on the loopback interface that answers as the simulation says under given facts.

    server = SimulatedServer(config_folder, facts, port=..., client="203.0.113.5")

What verify predicts of a configuration with open questions can so be compared with a server for which
they have an answer, also one that no real server could have at the same time as another.
"""
import json
import subprocess

from smtp_server import Gone, Server


class SimulatedServer(Server):
    def __init__(self, mtaproof, config, facts, client, listener, **more):
        """`listener`: the service of master.cf that is simulated; facts: a file."""
        self.command = [mtaproof, "simulate", "--isolated", "--facts", facts, "--script", "-", "--format", "json", config]
        self.dialogue = {"client": client, "listener": listener}
        super().__init__("simulated", **more)

    def replies(self, lines):
        run = subprocess.run(self.command, input=json.dumps({**self.dialogue, "send": lines}), text=True, check=True,
                             stdout=subprocess.PIPE)
        worlds = json.loads(run.stdout)["worlds"]
        if len(worlds) != 1:
            raise ValueError("a server answers in one way: %s" % [w["assumptions"] for w in worlds])
        return worlds[0]["replies"]

    def play_simulated(self, s):
        said = []
        while True:
            reply = self.replies(said)[-1]
            if "lines" not in reply:
                raise Gone()
            s.say(*reply["lines"])
            if reply["code"] in (221, 421):
                raise Gone()
            said.append(s.line())
