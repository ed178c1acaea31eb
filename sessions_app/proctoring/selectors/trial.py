"""The toy question of the practice room: as small as a question can be, with a fault to find."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from sessions_app.assessments.models import CodingQuestion, Difficulty

TEXT = """Find the largest of some numbers. The code in the editor prints the first one, which is
wrong: run it, see where the output differs, and mend it.

**Input.** One line with one to ten whole numbers, separated by blanks.

**Output.** The largest of them.
"""
PYTHON = """numbers = [int(word) for word in input().split()]
print(numbers[0])
"""
JAVASCRIPT = """const words = require("fs").readFileSync(0, "utf8").trim().split(/\\s+/);
const numbers = words.map(Number);
console.log(numbers[0]);
"""
JAVA = """import java.util.*;

public class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        List<Integer> numbers = new ArrayList<>();
        while (in.hasNextInt()) numbers.add(in.nextInt());
        System.out.println(numbers.get(0));
    }
}
"""
CPP = """#include <iostream>
#include <vector>

int main() {
    std::vector<int> numbers;
    for (int number; std::cin >> number;) numbers.push_back(number);
    std::cout << numbers[0] << "\\n";
}
"""


@cache
def toy_question() -> CodingQuestion:
    """Stands in no table: the bank, its exports and its picks do not know it."""
    return CodingQuestion(
        uuid=UUID("7d1c4f0e-52a3-4b57-9d0a-6f0f3a5c9e21"),
        slug="largest-number",
        title="Largest number",
        question=TEXT,
        difficulty=Difficulty.EASY,
        sample_test_cases=[
            {"input": "3 9 4\n", "output": "9", "note": "The second one is the largest."},
            {"input": "7\n", "output": "7"},
        ],
        boiler_plate={"python": PYTHON, "javascript": JAVASCRIPT, "java": JAVA, "cpp": CPP},
    )
