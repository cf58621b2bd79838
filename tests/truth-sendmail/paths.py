"""Where the modules are that this folder shares with others: the truth of Postfix, the cases of the rulesets, the real
sendmail in its box."""
import os
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path += [os.path.join(TESTS, name) for name in ("truth", "rulesets", "sendmail") if os.path.join(TESTS, name) not in sys.path]
