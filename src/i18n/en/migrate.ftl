## Words of src/deploy/migrate: DDL on the databases.
