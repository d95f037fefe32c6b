# Messages of the room: sim
