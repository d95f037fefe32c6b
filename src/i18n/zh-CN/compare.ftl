# Messages of the room: compare
