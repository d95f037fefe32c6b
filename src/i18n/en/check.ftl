## Words of src/check: findings of the scheduled checks.
