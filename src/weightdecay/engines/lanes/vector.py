"""A Numba type for one vector register of numbers, and what can be done with it.

LLVM's own vectoriser gives up on loops over small networks: it cannot prove that arrays do not
overlap, and unrolls first. So the lanes are put into the program's types instead: `Lanes(float32)`
is 16 numbers side by side (`Lanes(float64)` is 8), `load` and `store` move them between a register
and row i of an array [n, W], and + − × act on all of them at once. LLVM splits a vector into as
many registers as the processor needs, so the same code serves AVX-512, AVX2 and NEON.

Every operation acts lane by lane: what is in one lane never reaches another.
"""

import operator
import platform

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, models, overload, register_model

#: For all functions of this engine. They only borrow arrays from their caller, so they need no
#: reference counts; counted, the atomic increments alone took a third of the time.
compiled = njit(_nrt=False)

#: For what is so short that a call, which copies all arrays of a block, would take longer.
inlined = njit(_nrt=False, inline="always")

#: Bytes of one vector, and the alignment of every array that `load` and `store` touch.
BYTES = 64


class Lanes(types.Type):
    """`width` numbers of type `dtype`, one a member."""

    def __init__(self, dtype):
        self.dtype = dtype
        self.width = 8 * BYTES // dtype.bitwidth
        self.double = dtype.bitwidth == 64
        super().__init__(name=f"Lanes({dtype} x {self.width})")

    @property
    def llvm(self):
        return ir.VectorType(ir.DoubleType() if self.double else ir.FloatType(), self.width)

    @property
    def llvm_bits(self):
        return ir.VectorType(ir.IntType(self.dtype.bitwidth), self.width)

    def constant(self, value):
        return ir.Constant(self.llvm, [float(value)] * self.width)


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, lanes):
        super().__init__(manager, lanes, lanes.llvm)


def _call(builder, name, lanes, args, fastmath=()):
    """Call LLVM's intrinsic `name` for this vector type."""
    signature = ir.FunctionType(lanes.llvm, [lanes.llvm] * len(args))
    suffix = f"v{lanes.width}f{lanes.dtype.bitwidth}"
    function = cgutils.get_or_insert_function(builder.module, signature, f"llvm.{name}.{suffix}")
    return builder.call(function, args, fastmath=fastmath)


def _pointer(context, builder, array_type, array, row):
    lanes = Lanes(array_type.dtype)
    data = context.make_array(array_type)(context, builder, array).data
    first = builder.gep(data, [builder.mul(row, ir.Constant(row.type, lanes.width))])
    return builder.bitcast(first, lanes.llvm.as_pointer())


@intrinsic
def load(typing, array, row):
    """Row `row` of a contiguous, aligned array [n, W]."""
    lanes = Lanes(array.dtype)

    def codegen(context, builder, signature, args):
        return builder.load(_pointer(context, builder, array, *args), align=BYTES)

    return lanes(array, types.intp), codegen


@intrinsic
def store(typing, array, row, value):
    """Put `value` into row `row` of a contiguous, aligned array [n, W]."""

    def codegen(context, builder, signature, args):
        pointer = _pointer(context, builder, array, *args[:2])
        builder.store(args[2], pointer, align=BYTES)
        return context.get_dummy_value()

    return types.void(array, types.intp, Lanes(array.dtype)), codegen


def _spread(builder, lanes, number):
    undefined = ir.Constant(lanes.llvm, ir.Undefined)
    first = builder.insert_element(undefined, number, ir.Constant(ir.IntType(32), 0))
    everywhere = ir.Constant(ir.VectorType(ir.IntType(32), lanes.width), [0] * lanes.width)
    return builder.shuffle_vector(first, undefined, everywhere)


@intrinsic
def splat(typing, like, number):
    """`number` in every lane of a vector of the type of `like`."""

    def codegen(context, builder, signature, args):
        return _spread(builder, like, context.cast(builder, args[1], number, like.dtype))

    return like(like, number), codegen


def _binary(instruction):
    @intrinsic
    def operation(typing, a, b):
        def codegen(context, builder, signature, args):
            return getattr(builder, instruction)(*args)

        return a(a, a), codegen

    return operation


_OPERATORS = {
    operator.add: _binary("fadd"),
    operator.sub: _binary("fsub"),
    operator.mul: _binary("fmul"),
    operator.truediv: _binary("fdiv"),
}


def _overload(symbol, operation):
    @overload(symbol)
    def typed(a, b):
        if isinstance(a, Lanes) and isinstance(b, Lanes):
            return lambda a, b: operation(a, b)
        if isinstance(a, Lanes) and isinstance(b, types.Number):
            return lambda a, b: operation(a, splat(a, b))
        if isinstance(a, types.Number) and isinstance(b, Lanes):
            return lambda a, b: operation(splat(b, a), b)
        return None


for _symbol, _operation in _OPERATORS.items():
    _overload(_symbol, _operation)


@intrinsic
def negative(typing, x):
    def codegen(context, builder, signature, args):
        return builder.fneg(*args)

    return x(x), codegen


overload(operator.neg)(lambda x: (lambda x: negative(x)) if isinstance(x, Lanes) else None)


@intrinsic
def fma(typing, a, b, c):
    """a·b + c, rounded once where the processor can."""

    def codegen(context, builder, signature, args):
        return _call(builder, "fmuladd", a, args)

    return a(a, a, a), codegen


@intrinsic
def sqrt(typing, x):
    def codegen(context, builder, signature, args):
        return _call(builder, "sqrt", x, args)

    return x(x), codegen


def _estimate(instruction, exact):
    """Make an approximation: the processor's own where it has AVX-512, `exact` elsewhere.

    LLVM estimates in float32 by itself where it finds that faster (AVX2), but not with AVX-512.
    """

    @intrinsic
    def approximate(typing, x):
        def codegen(context, builder, signature, args):
            features = context.codegen().magic_tuple()[2]
            if x.double or "+avx512f" not in features:
                return exact(builder, x, args[0])
            whole = ir.IntType(x.width)
            name = f"llvm.x86.avx512.{instruction}.ps.512"
            kind = ir.FunctionType(x.llvm, [x.llvm, x.llvm, whole])
            function = cgutils.get_or_insert_function(builder.module, kind, name)
            return builder.call(function, [args[0], args[0], whole(2**x.width - 1)])

        return x(x), codegen

    return approximate


def _divide_one(builder, x, by):
    return builder.fdiv(x.constant(1), by, flags=() if x.double else ("arcp",))


#: 1/x to 14 bits or better; at 0 not finite.
near_reciprocal = _estimate("rcp14", _divide_one)

#: 1/√x to 14 bits or better; at 0 not finite.
near_reciprocal_sqrt = _estimate(
    "rsqrt14",
    lambda builder, x, value: _divide_one(
        builder, x, _call(builder, "sqrt", x, [value], fastmath=() if x.double else ("arcp",))
    ),
)


@intrinsic
def where_positive(typing, x, a, b):
    """`a` where x > 0, `b` elsewhere; a NaN in x counts as elsewhere."""

    def codegen(context, builder, signature, args):
        return builder.select(builder.fcmp_ordered(">", args[0], x.constant(0)), *args[1:])

    return x(x, x, x), codegen


@intrinsic
def power_of_two(typing, shifted):
    """2ⁿ from n + 1.5·2ᵐ with m the bits of a mantissa: such a sum has n in its lowest bits."""
    mantissa, bias = (52, 1023) if shifted.double else (23, 127)

    def codegen(context, builder, signature, args):
        def each(number):
            return ir.Constant(shifted.llvm_bits, [number] * shifted.width)

        n = builder.bitcast(args[0], shifted.llvm_bits)
        exponent = builder.shl(builder.add(n, each(bias)), each(mantissa))
        return builder.bitcast(exponent, shifted.llvm)

    return shifted(shifted), codegen


def _bits(x):
    return (52, 1023) if x.double else (23, 127)


@intrinsic
def exponent(typing, x):
    """N of x = 2ⁿ·m with 1 ≤ m < 2, for normal x > 0."""
    mantissa, bias = _bits(x)

    def codegen(context, builder, signature, args):
        def each(number):
            return ir.Constant(x.llvm_bits, [number] * x.width)

        bits = builder.lshr(builder.bitcast(args[0], x.llvm_bits), each(mantissa))
        return builder.sitofp(builder.sub(bits, each(bias)), x.llvm)

    return x(x), codegen


@intrinsic
def mantissa(typing, x):
    """M of x = 2ⁿ·m with 1 ≤ m < 2, for normal x > 0; NaN stays NaN."""
    count, bias = _bits(x)

    def codegen(context, builder, signature, args):
        def each(number):
            return ir.Constant(x.llvm_bits, [number] * x.width)

        fraction = builder.and_(builder.bitcast(args[0], x.llvm_bits), each(2**count - 1))
        m = builder.bitcast(builder.or_(fraction, each(bias << count)), x.llvm)
        ordered = builder.fcmp_ordered("ord", args[0], args[0])
        return builder.select(ordered, m, args[0])

    return x(x), codegen


@intrinsic
def all_finite(typing, x):
    """Whether no lane is infinite or NaN."""

    def codegen(context, builder, signature, args):
        zero = builder.fmul(args[0], x.constant(0))
        finite = builder.fcmp_ordered("ord", zero, zero)
        mask = ir.IntType(x.width)
        return builder.icmp_unsigned("==", builder.bitcast(finite, mask), mask(2**x.width - 1))

    return types.boolean(x), codegen


_X86 = platform.machine().lower() in ("x86_64", "amd64")
_FLUSH = 0x8040  # flush-to-zero and denormals-are-zero in the MXCSR register


def _mxcsr(builder, verb, slot):
    signature = ir.FunctionType(ir.VoidType(), [slot.type])
    name = f"llvm.x86.sse.{verb}mxcsr"
    builder.call(cgutils.get_or_insert_function(builder.module, signature, name), [slot])


@intrinsic
def flush_denormals(typing, like):
    """Have this thread take float32 denormals for 0; returns what `restore_denormals` needs.

    A network that gets no gradient shrinks its moments for ever, and each step on a denormal costs
    a hundred times that on a 0. float64 keeps its denormals: it takes far longer to reach them.
    """

    def codegen(context, builder, signature, args):
        word = ir.IntType(32)
        if not _X86 or like.double:
            return word(0)
        slot = builder.alloca(word)
        pointer = builder.bitcast(slot, ir.IntType(8).as_pointer())
        _mxcsr(builder, "st", pointer)
        before = builder.load(slot)
        builder.store(builder.or_(before, word(_FLUSH)), slot)
        _mxcsr(builder, "ld", pointer)
        return before

    return types.uint32(like), codegen


@intrinsic
def restore_denormals(typing, like, before):
    def codegen(context, builder, signature, args):
        if _X86 and not like.double:
            slot = builder.alloca(ir.IntType(32))
            builder.store(args[1], slot)
            _mxcsr(builder, "ld", builder.bitcast(slot, ir.IntType(8).as_pointer()))
        return context.get_dummy_value()

    return types.void(like, types.uint32), codegen
