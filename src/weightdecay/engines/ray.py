"""Chunks of a population, spread over a Ray cluster."""

import math
import os
import pickle
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from itertools import islice
from typing import Any

from weightdecay._versions import versions
from weightdecay.engines._executor import Outcomes, Work
from weightdecay.engines._task import How, train
from weightdecay.errors import InputError
from weightdecay.language import Phrase, phrase, shown
from weightdecay.study import Population

#: Seconds after which the cluster is asked anew how large it is, if no chunk is done before.
ASK = 5
#: Seconds that a machine has to take a connection; Ray itself waits for more than a minute.
ANSWER = 5
#: Tasks in flight for each that the cluster has room for: the next ones wait where they will run.
AHEAD = 2


class Ray:
    """Trains each chunk as a task of a Ray cluster; needs ``pip install 'weightdecay[ray]'``.

    A Ray that is initialised already is used, and left as it is.

    Parameters
    ----------
    address : str, optional
        "auto" or "HOST:PORT" joins a cluster, from a machine that belongs to it. Without one a
        cluster is started on this machine, and shut down afterwards.
    cpus : int, default 1
        Cores of a task, and threads that train in it.
    gpus : float, default 0
        GPUs of a task, or the share of one; if above 0, members are trained there.
    retries : int, default 3
        How often a chunk is trained anew whose worker or machine has died.
    **init
        Further arguments of ``ray.init``.

    Raises
    ------
    InputError
        If a number is out of range; when a study begins, if Ray is not installed, the cluster
        cannot be reached, or no machine of it has what a task needs.

    Examples
    --------
    ::

        wd.path(make_net, X, y, out="runs/mine", executor=wd.engines.Ray("auto", cpus=4))
    """

    def __init__(
        self,
        address: str | None = None,
        *,
        cpus: int = 1,
        gpus: float = 0,
        retries: int = 3,
        **init: Any,
    ) -> None:
        if cpus < 1 or cpus != int(cpus):
            raise InputError(f"cpus: {cpus} is not a whole number of 1 or more")
        if not 0 <= gpus < math.inf:
            raise InputError(f"gpus: {gpus} is not a number of 0 or more")
        if retries < 0:
            raise InputError(f"retries: {retries} is negative")
        self.address, self.cpus, self.gpus = address, int(cpus), gpus
        self.retries, self.init = retries, init

    @property
    def device(self) -> str:
        """Where members are trained: "cuda" if a task has GPUs, or "cpu"."""
        return "cuda" if self.gpus else "cpu"

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Start or join the cluster, unless Ray is initialised already."""
        ray = _ray()
        if ray.is_initialized():
            yield
            return
        try:
            self._begin(ray)
            yield
        finally:
            ray.shutdown()

    def _begin(self, ray: Any) -> None:
        # Not None: that would join whatever cluster runs on this machine.
        address = self.address or "local"
        how: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
        if address == "local":
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            how["include_dashboard"] = False
        else:
            _knock(os.environ.get("RAY_ADDRESS", address) if address == "auto" else address)
        try:
            ray.init(address, **{**how, **self.init})
        except (ConnectionError, RuntimeError, TypeError, ValueError, SystemExit) as error:
            reason = shown(error, 200)
            if address == "local":
                raise InputError(phrase("ray.error.no_start", reason=reason)) from error
            said = {"address": shown(address), "reason": reason}
            raise InputError(phrase("ray.error.no_join", **said)) from error

    def train(self, work: Work) -> Outcomes:
        """Yield chunks as they are done; closed early, it cancels those under way."""
        ray = _ray()
        self._check_room(ray)
        task = ray.remote(num_cpus=self.cpus, num_gpus=self.gpus, max_retries=self.retries)(train)
        how = How(work.engine, work.compile, self.device, self.cpus, _paths(), versions())
        nobody = work.population.only([])
        shared = ray.put(_sent(ray, nobody))
        waiting = iter(work.chunks)
        running: dict[Any, int] = {}
        try:
            while True:
                for chunk in islice(waiting, max(0, self._most(ray) - len(running))):
                    own = _sent(ray, _own(work.members(chunk), nobody))
                    running[task.remote(shared, own, how)] = chunk
                if not running:
                    return
                # One at a time: what the others became stays in the cluster meanwhile.
                done, _ = ray.wait(list(running), timeout=ASK)
                for reference in done:
                    chunk = running.pop(reference)
                    outcome = pickle.loads(self._received(ray, reference))
                    work.progress(len(work.chunks[chunk]) * work.population.recipe.epochs)
                    yield chunk, outcome
        finally:
            for reference in running:
                ray.cancel(reference, force=True)

    def _most(self, ray: Any) -> int:
        """Tasks to have in flight: of the cluster as it is now, for it may grow and shrink."""
        has = ray.cluster_resources()
        places = has.get("CPU", 0) // self.cpus
        if self.gpus:
            places = min(places, has.get("GPU", 0) // self.gpus)
        return AHEAD * max(1, int(places))

    def _check_room(self, ray: Any) -> None:
        """Refuse what would wait for ever."""
        machines = [node["Resources"] for node in ray.nodes() if node["Alive"]]
        needed = {"CPU": self.cpus, "GPU": self.gpus}
        if any(all(has.get(k, 0) >= v for k, v in needed.items()) for has in machines):
            return
        most = {k: max((has.get(k, 0) for has in machines), default=0) for k in needed}
        said = {"cpus": self.cpus, "gpus": self.gpus}
        said |= {"most_cpus": most["CPU"], "most_gpus": most["GPU"]}
        raise InputError(phrase("ray.error.room", **said))

    def _received(self, ray: Any, reference: Any) -> bytes:
        try:
            received: bytes = ray.get(reference)
        except ray.exceptions.RayTaskError as error:
            cause = error.cause
            if isinstance(cause, InputError):
                raise InputError(*cause.args) from error
            reason = f"{type(cause).__name__}: {shown(cause, 200)}"
            raise InputError(phrase("ray.error.failed", reason=reason)) from error
        except ray.exceptions.RayError as error:
            said = {"kind": type(error).__name__, "retries": self.retries}
            raise InputError(phrase("ray.error.died", **said)) from error
        return received


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise InputError(phrase("ray.error.missing")) from None
    return ray


def _sent(ray: Any, value: object) -> bytes:
    """Return `value` as bytes; functions and classes of a script or a notebook with their code."""
    try:
        content: bytes = ray.cloudpickle.dumps(value)
    except (TypeError, AttributeError, ValueError, pickle.PicklingError) as error:
        raise InputError(phrase("ray.error.unsendable", reason=shown(error, 200))) from error
    return content


def _own(members: Population, nobody: Population) -> dict[str, Any]:
    """What members have of their own; all else is one object in every part of a population."""
    names = [field.name for field in fields(members)]
    return {n: own for n in names if (own := getattr(members, n)) is not getattr(nobody, n)}


def _paths() -> tuple[str, ...]:
    """Where this process finds its modules."""
    return tuple(path or os.getcwd() for path in sys.path)


def _knock(address: str) -> None:
    """Refuse an address at which nobody answers."""
    if address == "auto":
        return
    host, _, port = address.rpartition(":")
    if not host or "//" in address or not port.isdecimal():
        raise _no_answer(address, phrase("ray.error.no_address"))
    try:
        socket.create_connection((host.strip("[]"), int(port)), ANSWER).close()
    except (OSError, ValueError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _no_answer(address, shown(reason, 200)) from None


def _no_answer(address: str, reason: Phrase | str) -> InputError:
    return InputError(phrase("ray.error.no_answer", address=shown(address), reason=reason))
