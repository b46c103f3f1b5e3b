"""The study file as a schema: its sections, their keys, and what each means."""

import json
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from weightdecay.language import phrase
from weightdecay.studies._options import check_options
from weightdecay.studies._sources import EMBEDDED, TARGET, kind_of
from weightdecay.studies._values import (
    AboveZero,
    Column,
    Columns,
    Count,
    Device,
    Factory,
    Folder,
    Folds,
    Fraction,
    FromTwo,
    FromZero,
    Hidden,
    Kinds,
    Lambdas,
    Metric,
    Options,
    Rates,
    Seeds,
    Source,
    State,
    Truth,
)


class Section(BaseModel):
    """Keys that are all known, and values that are what they are: 1 is no truth, "1" no number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Data(Section):
    """The rows."""

    source: Source = Field(
        description=f"An embedded table ({', '.join(EMBEDDED)}); or a CSV or Parquet file; or "
        '"module:function", a function without arguments that returns (X, y), or '
        "(X, y, sample_weight).",
        examples=["diabetes"],
    )
    target: Column | None = Field(
        default=None,
        description="The column to predict: needed for a file; an embedded table has its own.",
        examples=["price"],
    )
    task: Literal["regression", "classification"] | None = Field(
        default=None,
        description="What a table's target is; guessed from its values if not given.",
    )
    drop: Columns = Field(default=(), description="Columns of a table to leave out.")
    group: Column | None = Field(
        default=None,
        description="The column of a table whose equal values mark rows that belong together: they "
        "stay on one side of a fold, and the verdict takes a group for a draw.",
    )
    sample_weight: Column | None = Field(
        default=None,
        description="The column of a table that says how much each row counts, in training and in "
        "judging: numbers of 0 or more, of which only the ratios matter. It is no input.",
    )
    loss: Literal["mse", "huber", "cross_entropy", "binary_cross_entropy"] | None = Field(
        default=None,
        description="What is minimised, as a mean over rows, where source is a function; if not "
        "given, cross_entropy where y [N] holds whole numbers, and mse where it holds "
        "floating-point ones. Of a table it follows from the task.",
    )

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        kind = kind_of(self.source)
        if kind == "function":
            for name in ("target", "task", "drop", "group", "sample_weight"):
                if getattr(self, name):
                    raise ValueError(phrase("study.error.for_tables", key=f"data.{name}"))
            return self
        if self.loss is not None:
            raise ValueError(phrase("study.error.loss_of_table"))
        target = self.target or (TARGET if kind == "embedded" else None)
        if target is None:
            raise ValueError(phrase("study.error.no_target", names=", ".join(EMBEDDED)))
        for name in ("group", "drop", "sample_weight"):
            if target == getattr(self, name) or (name == "drop" and target in self.drop):
                raise ValueError(phrase("study.error.target_too", key=f"data.{name}"))
        return self


class Model(Section):
    """The network: `hidden` or `factory`."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["hidden"]}, {"required": ["factory"]}]}
    )

    hidden: Hidden | None = Field(
        default=None,
        description="A multilayer perceptron: the units of each hidden layer; [] for a linear "
        "model. Inputs and outputs follow from the data.",
        examples=[[16]],
    )
    activation: Literal["identity", "logistic", "tanh", "relu"] = Field(
        default="relu", description="Of the hidden layers; scikit-learn's names."
    )
    factory: Factory | None = Field(
        default=None,
        description='"module:function", a function without arguments that returns a new '
        "torch.nn.Module: called once for each seed, after torch.manual_seed(seed).",
        examples=["nets:make"],
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.hidden is None and self.factory is None:
            raise ValueError(phrase("study.error.no_model"))
        if self.hidden is not None and self.factory is not None:
            raise ValueError(phrase("study.error.two_models"))
        if self.factory is not None and "activation" in self.model_fields_set:
            raise ValueError(phrase("study.error.activation"))
        return self


class EarlyStopping(Section):
    """When a member stops before its last epoch."""

    patience: Count = Field(
        default=10, description="Stop after more epochs than this in a row without a lower loss."
    )
    tol: FromZero = Field(
        default=1e-4,
        description="By how much a loss must be below the best, in the unit of the loss.",
    )
    validation_fraction: Fraction = Field(
        default=0.1,
        description="Share of a member's training rows that is held out and watched; 0 to watch "
        "the training loss.",
    )


class Training(Section):
    """How each member is trained, decay aside."""

    model_config = ConfigDict(json_schema_extra={"dependentRequired": {"schedule": ["scheduler"]}})

    epochs: Count = Field(description="Passes over the training rows.", examples=[40])
    batch_size: Count = Field(
        description="Rows of a step; the last step of an epoch takes what is left.", examples=[32]
    )
    lr: Rates = Field(
        default=1e-3,
        description="Learning rate η, with a scheduler the first one; or several, of which one is "
        "chosen together with λ, and one for training without decay.",
    )
    optimizer: Literal[
        "sgd", "adam", "adamw", "rmsprop", "adagrad", "adadelta", "adamax", "nadam", "radam"
    ] = Field(
        default="adam",
        description="The class of torch.optim. Its own weight_decay is always 0, that of AdamW "
        "too: the decay is that of [decay].",
    )
    shuffle: Truth = Field(
        default=True,
        description="Whether each epoch takes the rows in a new order, or always in theirs.",
    )
    options: Options = Field(
        default_factory=dict,
        description="Further arguments of the optimizer by torch's names: momentum, betas, eps ...",
    )
    clip_grad_norm: AboveZero | None = Field(
        default=None,
        description="The largest norm of the gradient of all of a member's parameters, a penalty "
        "in the loss included; a larger one is scaled down to it. Not given: none.",
    )
    scheduler: Factory | None = Field(
        default=None,
        description='"module:function", a function that gets the optimizer and returns a '
        "torch.optim.lr_scheduler.LRScheduler for it. Not given: the learning rate stays.",
    )
    schedule: Literal["epoch", "step"] = Field(
        default="epoch", description="When the scheduler takes its step: after each of these."
    )
    stopping: EarlyStopping | None = Field(
        default=None, description="Early stopping; {} for its defaults. Not given: none."
    )

    @model_validator(mode="after")
    def _options_are_known(self) -> Self:
        check_options(self.optimizer, self.options)
        return self

    @model_validator(mode="after")
    def _something_is_scheduled(self) -> Self:
        if self.scheduler is None and "schedule" in self.model_fields_set:
            raise ValueError(phrase("study.error.no_scheduler"))
        return self


class DecayKind(Section):
    """Which decay λ is of: `kind` or `factory`."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["kind", "factory"]}})

    kind: Kinds = Field(
        default="l2",
        description="Penalty and where it enters. l2: mean loss + λ/2·Σw², λ is weight_decay of "
        "torch's SGD and Adam. adamw: w loses η·λ·w a step, λ is weight_decay of torch's AdamW. "
        "Several are compared, each at its own λ.",
    )
    factory: Factory | None = Field(
        default=None,
        description='"module:function", in place of kind: a function without arguments that '
        "returns a weightdecay.Decay, of any penalty, coupling, unit, schedule, selection and "
        "multipliers. The λs of the study take the place of its own weight_decay.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.factory is not None and "kind" in self.model_fields_set:
            raise ValueError(phrase("study.error.two_decays"))
        return self


class Search(Section):
    """Which members are trained, how λ is chosen, and where."""

    weight_decay: Lambdas = Field(
        description="The path of λ, 0 always in it; or auto: a pilot finds where λ acts, for each "
        "kind of decay its own. The convention is that of decay.kind: per mean loss (the mean over "
        "the rows of a batch) for l2, l1, l1_subgradient, elastic_net, norm, group_lasso and "
        "spectral; per step and learning rate for adamw, cautious, to_init and lp. Of "
        "decay.factory it is that of the Decay.",
        examples=[[0.0, 0.01, 1.0]],
    )
    seeds: Seeds = Field(
        description="Initialisations and orders of the rows: S for 0 to S − 1, or a list of one's "
        "own.",
        examples=[4],
    )
    folds: Folds = Field(
        description="K folds, stratified by class; or the share of the rows in one hold-out.",
        examples=[5],
    )
    inner_folds: FromTwo = Field(
        default=3,
        description="Of each fold's training rows, on which its λ is chosen (nested evaluation). "
        "With one hold-out there are none.",
    )
    rule: Literal["min", "1se"] = Field(
        default="min",
        description="How λ is chosen: the least mean error, or the largest λ within one standard "
        "error of it.",
    )
    metric: Metric | None = Field(
        default=None,
        description="What networks are judged by, and λ is chosen by: a name of scikit-learn's "
        'scorers, whose negative is the error; or "module:function", a function of outputs '
        "[n, ...] and targets [n, ...], both torch.Tensor, that returns a number, smaller is "
        "better. Not given: the loss.",
        examples=["r2"],
    )
    random_state: State = Field(default=0, description="Of the folds.")
    engine: Literal["auto", "lanes", "vmap", "loop"] = Field(
        default="auto", description="What trains the members."
    )
    device: Device = Field(default="cpu", description="Where: a device of torch's.")

    @model_validator(mode="after")
    def _something_decays(self) -> Self:
        if self.weight_decay != "auto" and not max(self.weight_decay) > 0:
            raise ValueError(phrase("study.error.only_zero"))
        return self


class StudyFile(Section):
    """One study: problem, model, recipe, decay, and which members."""

    model_config = ConfigDict(title="Study file of weightdecay")

    folder: Folder | None = Field(
        default=None,
        description="Where relative files and modules are looked for: the folder of the study file "
        "if not given.",
    )
    data: Data = Field(description="The rows.")
    model: Model = Field(description="The network.")
    recipe: Training = Field(description="How each member is trained, decay aside.")
    decay: DecayKind = Field(default=DecayKind(), description="Which decay λ is of.")
    study: Search = Field(description="Which members are trained, how λ is chosen, and where.")

    @model_validator(mode="after")
    def _one_search(self) -> Self:
        if isinstance(self.decay.kind, tuple) and isinstance(self.recipe.lr, tuple):
            raise ValueError(phrase("study.error.both_listed"))
        return self


class _OfToml(GenerateJsonSchema):
    """TOML has no null: a key that may be missing is not one that may hold nothing."""

    def nullable_schema(self, schema: Any) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        made = super().default_schema(schema)
        match made.get("default"):
            case None:
                made.pop("default", None)
            case dict() as section:
                made["default"] = {k: value for k, value in section.items() if value is not None}
        return made


def schema() -> str:
    """Return the JSON Schema of the study file, docs/study-schema.json, for editors."""
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **StudyFile.model_json_schema(schema_generator=_OfToml),
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
