// The table below the picture: each arm's numbers at the present epoch.

const percent = (share) => (Number.isNaN(share) ? "–" : `${(100 * share).toFixed(1)} %`);

class ScoreTable {
  constructor(table) {
    this.table = table;
  }

  // One row per arm. `scores` is what Python sent.
  show(scores) {
    this.scores = scores.map((score) => ({
      ...score,
      train: floats(score.train),
      validation: floats(score.validation),
      memorised: floats(score.memorised),
    }));
    const rows = this.scores.map(({ label, mark, colour, diverged, fresh }) => {
      const row = document.createElement("tr");
      row.innerHTML = '<th scope="row"></th><td></td><td></td><td class="memorised"></td><td></td>';
      row.firstChild.textContent = diverged ? `${label} (diverged)` : label;
      row.firstChild.dataset.mark = mark; // drawn by the style sheet: no part of the name
      row.firstChild.style.color = colour;
      row.lastChild.textContent = percent(fresh ?? NaN);
      return row;
    });
    this.table.querySelector("tbody").replaceChildren(...rows);
    this.hasFlips = this.scores.some((score) => score.memorised.some((share) => !Number.isNaN(share)));
    this.table.querySelectorAll(".memorised").forEach((cell) => (cell.hidden = !this.hasFlips));
  }

  // The numbers at an epoch; `stops` has, for each arm, the stop of the strength slider to read them from, or null for
  // the settings' own, or an empty object where there are none.
  at(epoch, stops) {
    write(this.table.querySelector(".when"), `At epoch ${epoch}`);
    this.table.querySelectorAll("tbody tr").forEach((row, arm) => {
      const { train, validation, memorised, fresh } = stops[arm] ?? this.scores[arm];
      [train, validation, memorised].forEach((values, i) => {
        write(row.children[i + 1], percent(values?.[epoch - 1] ?? NaN));
      });
      write(row.lastChild, percent(fresh ?? NaN));
    });
  }
}
