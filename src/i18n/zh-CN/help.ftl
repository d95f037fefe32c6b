# Messages of the room: help
