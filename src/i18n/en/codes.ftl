## What each code of a check means and what to do (`explain CODE`).
