"""Slows down guessing of passwords: failures are counted by login and by address, within this process.

The database closes a known account after five failures in a row, for every process, and opens it again when the
administrator resets it. This counter adds what the database cannot see: logins that do not exist (or the answer would tell
which ones do) and one address trying many logins.
"""

from collections import defaultdict, deque
from collections.abc import Callable
from threading import Lock

from guyub.access.sign_in import too_many_from_here

WINDOW = 15 * 60
"""Seconds for which a failure counts."""
FAILURES_OF_A_LOGIN = 5
FAILURES_OF_AN_ADDRESS = 50
_KEYS_KEPT = 10_000


class Throttle:
    """``clock`` answers seconds and never runs backwards."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: defaultdict[str, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def check(self, address: str) -> None:
        """Raises ``TooManyAttempts`` when that address has failed too often of late."""
        with self._lock:
            if self._recent(f"address {address}") >= FAILURES_OF_AN_ADDRESS:
                raise too_many_from_here()

    def is_closed(self, login: str) -> bool:
        """Returns whether a login has failed so often of late that a known account would be closed."""
        with self._lock:
            return self._recent(f"login {login}") >= FAILURES_OF_A_LOGIN

    def failed(self, login: str, address: str) -> None:
        with self._lock:
            if len(self._failures) > _KEYS_KEPT:
                for key in list(self._failures):
                    self._recent(key)
            for key in (f"login {login}", f"address {address}"):
                self._failures[key].append(self._clock())

    def succeeded(self, login: str) -> None:
        with self._lock:
            self._failures.pop(f"login {login}", None)

    def _recent(self, key: str) -> int:
        failures = self._failures.get(key)
        if failures is None:
            return 0
        while failures and failures[0] <= self._clock() - WINDOW:
            failures.popleft()
        if not failures:
            del self._failures[key]
        return len(failures)
