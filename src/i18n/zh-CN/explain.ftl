# Messages of the room: explain
