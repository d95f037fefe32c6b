# Messages of the room: journal
