"""Clusters that grow, that are left, and whose driver is interrupted or killed."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest
from kept_study import assert_same_bits, kept, other, study
from spread_nets import Telling

from weightdecay._run import run
from weightdecay.engines import Ray
from weightdecay.runs import RunFolder

ray = pytest.importorskip("ray")
psutil = pytest.importorskip("psutil")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("cluster"),  # one at a time
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"),
    # Ray's own: sockets and pipes of the processes that it starts, and its log files.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def test_a_node_that_is_added_later_is_used_and_a_joined_cluster_left_as_it_was(tmp_path):
    from ray.cluster_utils import Cluster

    place = tmp_path / "nodes"
    place.mkdir()
    this = other(study(epochs=1, lambdas=8, seeds=8), network=partial(Telling, place))
    expected = kept(this, tmp_path / "here", "loop")
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})

    def grow(done, total):
        if not (place / "joined").exists():
            cluster.add_node(num_cpus=1)
            (place / "joined").touch()

    try:
        with RunFolder(tmp_path / "there") as folder:
            found = run(this, "loop", grow, folder=folder, executor=Ray(cluster.address))[1]
        assert_same_bits(found, expected)
        assert not ray.is_initialized()
        with Ray(cluster.address).opened():
            nodes = {node["NodeID"] for node in ray.nodes() if node["Alive"]}
        assert {file.name for file in place.iterdir()} == {"joined", *nodes}
        assert len(nodes) == 2
    finally:
        cluster.shutdown()


STUDY = """
[data]
source = "iris"
[model]
hidden = [4]
[recipe]
epochs = 4
batch_size = 16
[study]
weight_decay = [0.0, 0.01, 0.1, 1.0]
seeds = 2
folds = 2
inner_folds = 2
engine = "loop"
"""

CHUNKS = 6

COMMAND = """
import sys
from weightdecay.cli import main
from weightdecay.study import _chunks
_chunks.MOST_MEMBERS = 8
main(sys.argv[1:])
"""


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL], ids=lambda kind: kind.name)
def test_a_driver_that_ends_leaves_no_process_and_what_is_finished(tmp_path, kind):
    (tmp_path / "study.toml").write_text(STUDY)

    def command(out, *more):
        given = ["run", str(tmp_path / "study.toml"), "--out", str(tmp_path / out), *more]
        return [sys.executable, "-c", COMMAND, *given]

    def chunks(out):
        return {f.name: f.read_bytes() for f in (tmp_path / out).glob("chunks/0*.safetensors")}

    with subprocess.Popen(
        command("run", "--ray"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # As from a terminal, also where the tests run in the background, which ignores Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as driver:
        while not chunks("run"):
            assert driver.poll() is None
            time.sleep(0.05)
        started = psutil.Process(driver.pid).children(recursive=True)
        assert any("raylet" in process.name() for process in started)
        if kind == signal.SIGKILL:  # Ray's own agents take a minute or more to see that
            started = [process for process in started if not process.name().endswith("Agent")]
        if kind == signal.SIGINT:
            os.killpg(driver.pid, kind)  # as a terminal does it
        else:
            driver.kill()
        said, complaint = driver.communicate()
    assert said == ""
    assert driver.returncode == (130 if kind == signal.SIGINT else -kind), complaint
    if kind == signal.SIGINT:
        assert "Traceback" not in complaint
        assert str(tmp_path / "run") in complaint
    assert not psutil.wait_procs(started, timeout=60)[1]
    before = chunks("run")
    assert 0 < len(before) < CHUNKS
    again = subprocess.run(
        command("run", "--ray", "--json"), capture_output=True, text=True, check=False
    )
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["chunks_trained"] == CHUNKS - len(before)
    assert before.items() <= chunks("run").items()
    subprocess.run(command("here"), capture_output=True, check=True)
    assert chunks("here") == chunks("run")
