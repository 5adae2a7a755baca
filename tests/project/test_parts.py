"""Do the tests' own parts keep their promises: a port for each server, and a skip where nothing can be installed?"""

import re
import subprocess
import sys
import tomllib

import pytest

from tests import conftest
from tests.project.documents import ROOT
from tests.servers.ports import own_port


def test_a_port_is_given_out_once():
    ports = [own_port() for _ in range(50)]
    assert len(set(ports)) == 50


def test_a_port_of_this_run_is_given_to_no_other():
    ours = own_port()
    other_run = f"""
from tests.servers import ports
ports.PORTS = range({ours}, {ours} + 1)
ports.own_port()
"""
    done = subprocess.run(
        [sys.executable, "-c", other_run], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert f"all ports from {ours} to {ours} are taken" in done.stderr


def test_what_lies_beside_the_repository_is_skipped_where_it_is_not_also_in_ci(monkeypatch, tmp_path):
    monkeypatch.setattr(conftest, "IN_CI", True)
    monkeypatch.setattr(conftest, "SHARED", tmp_path)
    with pytest.raises(pytest.skip.Exception, match="kept beside the repository"):
        conftest.shared("questions/none.jsonl")


def test_a_host_that_reads_a_procfile_gets_every_part_that_the_bot_can_need():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for_people = set(project["optional-dependencies"]) - {"bench", "dev"}
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    [asked] = [line for line in lines if not line.startswith("#")]
    assert set(re.fullmatch(r"\.\[([a-z,]+)\]", asked)[1].split(",")) == for_people
