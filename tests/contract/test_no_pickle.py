"""Nothing in the packages runs what a file or a model brings with it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.contract.sources import modules, relative

UNSAFE_MODULES = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
UNSAFE_CALLS = {"yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load", "eval", "exec"}
# A keyword that must be absent or False wherever it stands.
UNSAFE_SWITCHES = {"trust_remote_code", "allow_pickle", "shell"}


def is_constant(node: ast.expr | None, value: object) -> bool:
    """Say whether an expression is literally ``value``."""
    return isinstance(node, ast.Constant) and node.value is value


def dangers_of_call(call: ast.Call) -> list[str]:
    """Name what one call does that could run foreign code."""
    name = ast.unparse(call.func)
    keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    found = [f"calls {name}"] if name in UNSAFE_CALLS else []
    if name == "torch.load" and not is_constant(keywords.get("weights_only"), True):
        found.append("calls torch.load without weights_only=True")
    found += [
        f"passes {switch} to {name}"
        for switch in sorted(UNSAFE_SWITCHES & keywords.keys())
        if not is_constant(keywords[switch], False)
    ]
    return found


def dangers(source: str) -> list[str]:
    """Name everything in a module's source that could run foreign code."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Call):
            found += dangers_of_call(node)
        found += [f"imports {name}" for name in names if name.split(".")[0] in UNSAFE_MODULES]
    return found


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_a_module_loads_only_data(path: Path) -> None:
    assert not dangers(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "yaml.load(text, Loader=yaml.Loader)",
        "AutoModel.from_pretrained(name, trust_remote_code=True)",
        "AutoModel.from_pretrained(name, trust_remote_code=switch)",
        "np.load(path, allow_pickle=True)",
        "subprocess.run(line, shell=True)",
        "eval(text)",
    ],
)
def test_the_rule_notices(source: str) -> None:
    assert dangers(source)


@pytest.mark.parametrize(
    "source",
    [
        "torch.load(path, weights_only=True)",
        "yaml.safe_load(text)",
        "np.load(path, allow_pickle=False)",
        "model.eval()",
    ],
)
def test_the_rule_lets_the_safe_form_pass(source: str) -> None:
    assert not dangers(source)
