## Words of src/deploy: env file, lint, render.
