## Words of src/deploy: images, directories, containers, status.
