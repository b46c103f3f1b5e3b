"""What is asked: a problem, a recipe, a network, which members; and the results it becomes."""

from weightdecay.study._order import Order
from weightdecay.study._population import Population, Trained
from weightdecay.study._problem import Problem
from weightdecay.study._recipe import Recipe
from weightdecay.study._results import results
from weightdecay.study._study import Study

__all__ = ["Order", "Population", "Problem", "Recipe", "Study", "Trained", "results"]
