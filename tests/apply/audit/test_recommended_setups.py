"""What torch, timm, nanoGPT and Hugging Face recommend: found is what is really there."""

import pytest
import torch
from torch import Tensor, nn

import weightdecay as wd
from weightdecay.decay import normalized


def found(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, set[str]]:
    return {f.code: set(f.parameters) for f in wd.audit(model, optimizer).findings}


class ConvNet(nn.Module):
    """As torchvision's: convolutions with batch norm, and a residual."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(x + self.bn2(self.conv2(x)))
        return self.fc(x.mean((2, 3)))


def test_torch_by_the_type_of_the_module() -> None:
    """``set_weight_decay`` of torchvision's references: normalisations by type, biases apart."""
    model = ConvNet()
    norms = [
        p
        for module in model.modules()
        if isinstance(module, nn.BatchNorm2d | nn.LayerNorm | nn.GroupNorm)
        for p in module.parameters()
    ]
    biases = [model.fc.bias]
    apart = {id(p) for p in norms + biases}
    weights = [p for p in model.parameters() if id(p) not in apart]
    groups = [
        {"params": weights, "weight_decay": 1e-4},
        {"params": norms, "weight_decay": 0.0},
        {"params": biases, "weight_decay": 0.0},
    ]
    for optimizer in (
        torch.optim.SGD(groups, lr=0.1, momentum=0.9, weight_decay=1e-4),
        torch.optim.AdamW(groups, lr=1e-3),
        torch.optim.RMSprop(groups, lr=0.05, momentum=0.9, alpha=0.9),
    ):
        assert found(model, optimizer) == {}


def test_torch_without_groups_decays_biases_and_normalisations() -> None:
    model = ConvNet()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
    assert found(model, optimizer) == {
        "bias-decayed": {"bn1.bias", "bn2.bias", "fc.bias"},
        "normalization-decayed": {"bn1.weight", "bn2.weight"},
    }


def test_torch_without_decay() -> None:
    model = ConvNet()
    assert found(model, torch.optim.Adam(model.parameters(), lr=1e-3)) == {}


class VisionTransformer(nn.Module):
    """As timm's: it excepts its position embedding and class token from decay."""

    def __init__(self) -> None:
        super().__init__()
        self.pos_embed = nn.Parameter(torch.randn(1, 5, 8))
        self.cls_token = nn.Parameter(torch.randn(1, 1, 8))
        self.proj = nn.Conv2d(3, 8, 2, 2)
        self.block = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True)
        self.gamma = nn.Parameter(torch.full((8,), 1e-5))
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 3)

    def no_weight_decay(self) -> set[str]:
        return {"pos_embed", "cls_token"}


def test_timm() -> None:
    model = VisionTransformer()
    groups = wd.param_groups(model, 0.05, preset="timm")
    assert found(model, torch.optim.AdamW(groups, lr=1e-3)) == {}
    decayed = {row.name for row in wd.audit(model, torch.optim.AdamW(groups)).rows if row.acting}
    assert decayed == {
        *("proj.weight", "head.weight", "block.linear1.weight", "block.linear2.weight"),
        *("block.self_attn.in_proj_weight", "block.self_attn.out_proj.weight"),
    }


class GPT(nn.Module):
    """As nanoGPT's: the token embedding is the output layer's weight; LayerNorm is its own."""

    class LayerNorm(nn.Module):
        def __init__(self, size: int) -> None:
            super().__init__()
            self.weight, self.bias = nn.Parameter(torch.ones(size)), None

        def forward(self, x: Tensor) -> Tensor:
            return nn.functional.layer_norm(x, self.weight.shape, self.weight, self.bias, 1e-5)

    def __init__(self) -> None:
        super().__init__()
        self.transformer = nn.ModuleDict(
            {
                "wte": nn.Embedding(11, 8),
                "wpe": nn.Embedding(4, 8),
                "ln_f": self.LayerNorm(8),
                "c_attn": nn.Linear(8, 24),
            }
        )
        self.lm_head = nn.Linear(8, 11, bias=False)
        self.transformer["wte"].weight = self.lm_head.weight


def test_nanogpt() -> None:
    """Two axes or more decay; so the position embedding does, which has no other use."""
    model = GPT()
    named = {n: p for n, p in model.named_parameters() if p.requires_grad}
    groups = [
        {"params": [p for p in named.values() if p.dim() >= 2], "weight_decay": 0.1},
        {"params": [p for p in named.values() if p.dim() < 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=6e-4, betas=(0.9, 0.95))
    expected = {"embedding-decayed": {"transformer.wpe.weight"}}
    assert found(model, optimizer) == expected
    # Resumed, its groups differ from the defaults, as they did before.
    optimizer.load_state_dict(optimizer.state_dict())
    assert found(model, optimizer) == expected


def hugging_face(name: str, **config: int | bool) -> tuple[nn.Module, torch.optim.Optimizer]:
    transformers = pytest.importorskip("transformers")
    model = getattr(transformers, name)(
        transformers.AutoConfig.for_model(name.partition("For")[0].lower(), **config)
    )
    decay = set(transformers.Trainer.get_decay_parameter_names(None, model))
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    groups = [
        {"params": [p for n, p in named if n in decay], "weight_decay": 0.01},
        {"params": [p for n, p in named if n not in decay], "weight_decay": 0.0},
    ]
    return model, torch.optim.AdamW(groups, lr=5e-5)


SMALL = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 11}


@pytest.mark.filterwarnings("ignore")  # those of the other library, at import
def test_hugging_face_bert() -> None:
    model, optimizer = hugging_face("BertForSequenceClassification", intermediate_size=16, **SMALL)
    embeddings = {
        f"bert.embeddings.{kind}_embeddings.weight" for kind in ("word", "position", "token_type")
    }
    assert found(model, optimizer) == {"embedding-decayed": embeddings}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("tied", [True, False])
def test_hugging_face_llama(tied: bool) -> None:
    """Its RMSNorm is a module of its own; a tied embedding is the output layer's weight."""
    model, optimizer = hugging_face(
        "LlamaForCausalLM", intermediate_size=16, tie_word_embeddings=tied, **SMALL
    )
    expected = {} if tied else {"embedding-decayed": {"model.embed_tokens.weight"}}
    assert found(model, optimizer) == expected
    kinds = {row.name: row.kind for row in wd.audit(model).rows}
    assert kinds["model.norm.weight"] == "normalization"


@pytest.mark.parametrize("model", [ConvNet, VisionTransformer], ids=lambda m: m.__name__)
def test_our_own(model: type[nn.Module]) -> None:
    net = model()
    optimizer = torch.optim.AdamW(wd.param_groups(net, 0.05), lr=1e-3)
    assert found(net, optimizer) == {}
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    wd.Decay(0.05, wd.L2(), on="step").attach(optimizer, net)
    assert found(net, optimizer) == {}


class LoRA(nn.Linear):
    """A linear layer with its correction B·A, which starts at B = 0."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs)
        self.requires_grad_(False)
        self.lora_A = nn.Parameter(torch.randn(2, inputs))
        self.lora_B = nn.Parameter(torch.zeros(outputs, 2))

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) + x @ self.lora_A.T @ self.lora_B.T


class ZeroResidual(nn.Module):
    """A branch whose last scale starts at 0, as torchvision's ``zero_init_residual``."""

    def __init__(self) -> None:
        super().__init__()
        self.branch = nn.Sequential(nn.Linear(3, 3, bias=False), nn.LayerNorm(3))
        self.head = nn.Linear(3, 1)
        nn.init.zeros_(self.branch[1].weight)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(x + self.branch(x))


def with_zero_head() -> nn.Module:
    """As timm starts the head of a vision transformer."""
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    nn.init.zeros_(model[2].weight)
    return model


STARTING = {
    "LoRA": lambda: nn.Sequential(LoRA(3, 4), nn.Tanh(), LoRA(4, 2)),
    "zero head": with_zero_head,
    "zero residual": ZeroResidual,
}


@pytest.mark.parametrize("name", STARTING)
def test_what_starts_at_zero_freezes_nothing(name: str) -> None:
    """The first pass leaves zeros before it; they are gone with the second."""
    torch.manual_seed(0)
    model = STARTING[name]()
    trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
    weights = [p for p in trained.values() if p.ndim > 1]
    rest = [{"params": [p for p in trained.values() if p.ndim < 2], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW([{"params": weights}, *rest], lr=0.1, weight_decay=0.1)
    for step in range(3):
        optimizer.zero_grad()
        (model(torch.randn(5, 3)) - 1).square().sum().backward()
        assert any(not p.grad.any() for p in trained.values()) == (step == 0)
        assert found(model, optimizer) == {}
        optimizer.step()
        assert found(model, optimizer) == {}


def test_zeros_that_stay_are_freezing_whatever_starts_at_zero() -> None:
    model = with_zero_head()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.ndim > 1], lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        (model(torch.randn(5, 3)) - 1).square().sum().backward()
        model[0].weight.grad.zero_()
        optimizer.step()
    assert found(model, optimizer)["frozen-but-decaying"] == {"0.weight"}


def test_a_penalty_on_one_layer_is_a_note() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def severity(name: str) -> str:
        penalty = {"penalty": lambda m: 1e-3 * m.get_parameter(name).abs().sum()}
        (finding,) = wd.audit(model, optimizer, **penalty, ignore=["bias-decayed"]).findings
        assert finding.parameters == (name,)
        return finding.severity

    assert severity("0.weight") == severity("2.weight") == severity("0.bias") == "note"
    assert severity("2.bias") == "error"


@pytest.mark.parametrize("squared", [True, False])
def test_a_penalty_as_it_should_be(squared: bool) -> None:
    net = ConvNet()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    weights = (net.conv1.weight, net.conv2.weight, net.fc.weight)

    def l2() -> Tensor:
        return 0.01 * sum((w**2).sum() for w in weights)

    def l1() -> Tensor:
        return 0.01 * sum(w.abs().sum() for w in weights)

    assert wd.audit(net, optimizer, l2 if squared else l1).findings == ()


def test_what_normalisation_follows() -> None:
    follows = {row.name: row.normalized for row in wd.audit(ConvNet()).rows}
    assert follows["conv1.weight"]
    assert follows["conv2.weight"]
    assert follows["fc.weight"] is False
    assert {n for n, yes in follows.items() if yes} == set(normalized(ConvNet()))
